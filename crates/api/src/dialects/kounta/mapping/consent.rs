//! The page on which an administrator of the company lets an application in.

use std::fmt::Write as _;

/// The page: who asks for what, and a form that answers `parameters` back together with the decision.
pub(crate) fn consent_page(
    application: &str,
    company: &str,
    parameters: &[(&str, &str)],
    refused: bool,
) -> String {
    let (application, company) = (escaped(application), escaped(company));
    let hidden = parameters.iter().fold(String::new(), |mut inputs, (name, value)| {
        let value = escaped(value);
        let _ = write!(inputs, r#"<input type="hidden" name="{name}" value="{value}">"#);
        inputs
    });
    let notice = if refused {
        "<p><strong>This user name and password do not belong to an administrator of the company.</strong></p>"
    } else {
        ""
    };
    format!(
        r#"<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Connect {application}</title></head>
<body>
<h1>Connect {application} to {company}?</h1>
<p>{application} asks to read and change the customers of {company}. An administrator of the company decides.</p>
{notice}<form method="post" action="authorize">{hidden}
<p><label>User name <input name="username" autocomplete="username"></label></p>
<p><label>Password <input name="password" type="password" autocomplete="current-password"></label></p>
<p><button name="decision" value="approve">Approve</button> <button name="decision" value="deny">Deny</button></p>
</form>
</body>
</html>
"#
    )
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut safe, character| {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
        safe
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wrote_stays_text() {
        let page = consent_page("<b>App</b>", "A & 'B'", &[("state", "\"><script>")], false);
        assert!(page.contains("&lt;b&gt;App&lt;/b&gt;"));
        assert!(page.contains("A &amp; &#39;B&#39;"));
        assert!(page.contains(r#"name="state" value="&quot;&gt;&lt;script&gt;""#));
        assert!(!page.contains("<script>") && !page.contains("<b>"), "{page}");
    }
}
