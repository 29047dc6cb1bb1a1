//! Who may depend on whom: the table in `docs/architecture.md`, over what cargo says about our crates.

use serde::Deserialize;

use super::Finding;
use crate::failure::Failure;

/// What `cargo metadata` prints, as far as we read it.
#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
    /// `None` for an ordinary dependency, else `dev` or `build`.
    kind: Option<String>,
}

/// What one of our crates may use.
struct Rule {
    package: &'static str,
    /// All it may use, where the list is closed; of our own crates alone where it is open.
    may_use: &'static [&'static str],
    closed: bool,
    /// Technologies it must not touch, by the start of their crates' names.
    never: &'static [&'static str],
}

const DOMAIN: &str = "clientele-domain";
const IMPORT: &str = "clientele-import";
const MESSAGES: &str = "clientele-messages";
const OBJECTS: &str = "clientele-objects";
const POSTGRES: &str = "clientele-postgres";
const SECRETS: &str = "clientele-secrets";
const WEBHOOKS: &str = "clientele-webhooks";

const RULES: [Rule; 9] = [
    Rule {
        package: DOMAIN,
        may_use: &["async-trait", "serde_json", "thiserror", "time", "uuid"],
        closed: true,
        never: &["actix", "diesel"],
    },
    Rule {
        package: IMPORT,
        may_use: &[DOMAIN, "jiff", "quick-xml", "thiserror", "time", "tokio", "uuid"],
        closed: true,
        never: &["actix", "diesel"],
    },
    Rule { package: POSTGRES, may_use: &[DOMAIN], closed: false, never: &["actix"] },
    Rule { package: WEBHOOKS, may_use: &[DOMAIN], closed: false, never: &["actix", "diesel"] },
    Rule { package: MESSAGES, may_use: &[DOMAIN], closed: false, never: &["actix", "diesel"] },
    Rule { package: OBJECTS, may_use: &[DOMAIN], closed: false, never: &["actix", "diesel"] },
    Rule { package: SECRETS, may_use: &[DOMAIN], closed: false, never: &["actix", "diesel"] },
    Rule {
        package: "clientele-api",
        may_use: &[DOMAIN, IMPORT, MESSAGES, OBJECTS, POSTGRES, SECRETS, WEBHOOKS],
        closed: false,
        never: &["diesel"],
    },
    Rule {
        package: "xtask",
        may_use: &[DOMAIN, IMPORT, POSTGRES, SECRETS],
        closed: false,
        never: &["actix", "diesel"],
    },
];

/// Holds every crate of ours against the table.
pub(super) fn check(metadata: &str) -> Result<Vec<Finding>, Failure> {
    let metadata: Metadata = serde_json::from_str(metadata).map_err(|error| {
        Failure::explained(format!("cargo metadata is not what we expect: {error}"))
    })?;
    let ours: Vec<&str> = metadata.packages.iter().map(|package| package.name.as_str()).collect();
    Ok(metadata.packages.iter().flat_map(|package| check_package(package, &ours)).collect())
}

fn check_package(package: &Package, ours: &[&str]) -> Vec<Finding> {
    let Some(rule) = RULES.iter().find(|rule| rule.package == package.name) else {
        return vec![Finding::new(
            &package.name,
            "has no row in the dependency table of `cargo xtask tidy`",
        )];
    };
    package
        .dependencies
        .iter()
        .filter(|dependency| !rule.allows(dependency, ours))
        .map(|dependency| {
            Finding::new(&package.name, format!("must not depend on {}", dependency.name))
        })
        .collect()
}

impl Rule {
    fn allows(&self, dependency: &Dependency, ours: &[&str]) -> bool {
        let name = dependency.name.as_str();
        let for_tests = dependency.kind.as_deref() == Some("dev");
        // A crate's tests may use the crate itself, to turn on its feature `testing`.
        if for_tests && name == self.package {
            return true;
        }
        if self.never.iter().any(|technology| name.starts_with(technology)) {
            return false;
        }
        let listed = self.may_use.contains(&name);
        listed || (!ours.contains(&name) && (!self.closed || for_tests))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Our crates, the one named with one more dependency.
    fn findings(package: &str, dependency: &str, kind: Option<&str>) -> Vec<Finding> {
        let packages: Vec<_> = RULES
            .iter()
            .map(|rule| {
                let dependencies = if rule.package == package {
                    vec![serde_json::json!({ "name": dependency, "kind": kind })]
                } else {
                    Vec::new()
                };
                serde_json::json!({ "name": rule.package, "dependencies": dependencies })
            })
            .collect();
        check(&serde_json::json!({ "packages": packages }).to_string()).unwrap()
    }

    #[test]
    fn the_domain_knows_only_what_its_list_names() {
        assert_eq!(findings(DOMAIN, "uuid", None), []);
        for forbidden in ["serde", "tokio", "diesel", POSTGRES] {
            assert_eq!(findings(DOMAIN, forbidden, None).len(), 1, "{forbidden}");
        }
    }

    #[test]
    fn tests_of_the_domain_may_use_more_but_no_framework() {
        assert_eq!(findings(DOMAIN, "proptest", Some("dev")), []);
        assert_eq!(findings(DOMAIN, DOMAIN, Some("dev")), []);
        assert_eq!(findings(DOMAIN, "diesel", Some("dev")).len(), 1);
    }

    #[test]
    fn an_adapter_knows_no_framework_of_another_and_no_other_adapter() {
        for (package, forbidden) in [
            (POSTGRES, "actix-web"),
            (POSTGRES, SECRETS),
            (WEBHOOKS, "diesel-async"),
            (WEBHOOKS, "actix-web"),
            (WEBHOOKS, POSTGRES),
            (MESSAGES, "actix-web"),
            (MESSAGES, SECRETS),
            (SECRETS, "diesel"),
            (SECRETS, WEBHOOKS),
        ] {
            assert_eq!(findings(package, forbidden, None).len(), 1, "{package} with {forbidden}");
        }
    }

    #[test]
    fn the_service_reaches_the_database_through_the_adapter_only() {
        assert_eq!(findings("clientele-api", POSTGRES, None), []);
        assert_eq!(findings("clientele-api", "diesel", Some("dev")).len(), 1);
    }

    #[test]
    fn nobody_depends_on_this_tool() {
        for rule in RULES.iter().filter(|rule| rule.package != "xtask") {
            assert_eq!(findings(rule.package, "xtask", Some("dev")).len(), 1, "{}", rule.package);
        }
    }

    #[test]
    fn a_new_crate_needs_a_row() {
        let metadata = r#"{"packages":[{"name":"clientele-new","dependencies":[]}]}"#;
        assert_eq!(check(metadata).unwrap().len(), 1);
    }
}
