//! Accounts as the claims of a token, and back (contract 2.2).

use std::time::Duration;

use domain::access::{Access, Actor, Permissions, Resource};
use domain::account::LoggedIn;
use domain::merchant::Merchant;
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::super::auth::jwt::Claims;

const ADMIN: &str = "ROLE_ADMIN";
const SELLER: &str = "ROLE_SELLER";
const PARTICIPANT: &str = "ROLE_PARTICIPANT";

/// The claims of a token for somebody who was just let in; `None` for callers whom this contract does not know.
pub(crate) fn claims(
    account: &LoggedIn,
    merchant: &Merchant,
    now: OffsetDateTime,
    lifetime: Duration,
) -> Option<Claims> {
    let (role, id) = match account.actor {
        Actor::Admin(id) => (ADMIN, id.to_string()),
        Actor::Seller(id) => (SELLER, id.to_string()),
        Actor::Customer(id) => (PARTICIPANT, id.to_string()),
        Actor::Operator(_) | Actor::Application(_) | Actor::System => return None,
    };
    let zone = super::zone(merchant);
    Some(Claims {
        exp: (now + lifetime).unix_timestamp(),
        iat: now.unix_timestamp(),
        username: account.username.clone(),
        roles: vec![role.to_owned()],
        id,
        last_login_at: account.last_login_at.map(|moment| zone.format_basic(moment)),
        permissions: permissions(account.permissions),
        super_admin: account.master,
        merchant: account.merchant.to_string(),
    })
}

/// Whom a token speaks for.
pub(crate) fn actor_of(claims: &Claims) -> Option<Actor> {
    let id = &claims.id;
    match claims.roles.first()?.as_str() {
        ADMIN => id.parse().ok().map(Actor::Admin),
        SELLER => id.parse().ok().map(Actor::Seller),
        PARTICIPANT => id.parse().ok().map(Actor::Customer),
        _ => None,
    }
}

/// An object of resources; an empty list when there is none, as PHP writes it.
fn permissions(permissions: Permissions) -> Value {
    let accesses = |resource: Resource| -> Vec<Value> {
        [(Access::View, "VIEW"), (Access::Modify, "MODIFY")]
            .into_iter()
            .filter(|(access, _)| permissions.include(resource, *access))
            .map(|(_, name)| Value::from(name))
            .collect()
    };
    let granted: Map<String, Value> = Resource::ALL
        .iter()
        .map(|resource| (name(*resource).to_owned(), accesses(*resource)))
        .filter(|(_, accesses)| !accesses.is_empty())
        .map(|(name, accesses)| (name, Value::from(accesses)))
        .collect();
    if granted.is_empty() { Value::from(Vec::<Value>::new()) } else { Value::from(granted) }
}

fn name(resource: Resource) -> &'static str {
    match resource {
        Resource::Customer => "CUSTOMER",
        Resource::Level => "LEVEL",
        Resource::PointOfSale => "POS",
        Resource::Seller => "SELLER",
        Resource::Segment => "SEGMENT",
        Resource::SegmentExport => "SEGMENT_EXPORT",
        Resource::Transaction => "TRANSACTION",
        Resource::PointTransfer => "POINT_TRANSFER",
        Resource::EarningRule => "EARNING_RULE",
        Resource::RewardCampaign => "REWARD_CAMPAIGN",
        Resource::Settings => "SETTINGS",
        Resource::Analytics => "ANALYTICS",
        Resource::Audit => "AUDIT",
        Resource::Admin => "ADMIN",
        Resource::Acl => "ACL",
    }
}

#[cfg(test)]
mod tests {
    use domain::id::{AdminId, CustomerId};
    use domain::testing::a_merchant;
    use serde_json::json;
    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;

    fn account(actor: Actor, permissions: Permissions) -> LoggedIn {
        LoggedIn {
            merchant: domain::testing::a_merchant_id(),
            actor,
            username: "ada".to_owned(),
            permissions,
            master: false,
            temporary_password: false,
            last_login_at: Some(datetime!(2026-03-01 10:00 UTC)),
            sessions_since: None,
        }
    }

    fn of(actor: Actor, permissions: Permissions) -> Value {
        let account = account(actor, permissions);
        let claims = claims(
            &account,
            &a_merchant(),
            datetime!(2026-03-02 08:15 UTC),
            Duration::from_hours(24),
        );
        assert_eq!(claims.as_ref().and_then(actor_of), Some(actor));
        serde_json::to_value(claims).unwrap()
    }

    #[test]
    fn the_claims_are_those_that_clients_decode() {
        let id = Uuid::from_u128(7);
        let claims = of(Actor::Customer(CustomerId::from(id)), Permissions::NONE);
        let merchant = claims["merchant"].clone();
        assert_eq!(
            claims,
            json!({
                "exp": 1_772_525_700, "iat": 1_772_439_300, "username": "ada",
                "roles": ["ROLE_PARTICIPANT"], "id": id.to_string(),
                "lastLoginAt": "2026-03-01T11:00:00+0100", "permissions": [], "superAdmin": false,
                "merchant": merchant
            })
        );
    }

    #[test]
    fn permissions_are_named_by_resource_and_modifying_includes_viewing() {
        let editor = Permissions::NONE
            .with(Resource::PointOfSale, Access::View)
            .with(Resource::Customer, Access::Modify);
        let claims = of(Actor::Admin(AdminId::from(Uuid::nil())), editor);
        assert_eq!(claims["permissions"], json!({"CUSTOMER": ["VIEW", "MODIFY"], "POS": ["VIEW"]}));
        assert_eq!(claims["roles"], json!(["ROLE_ADMIN"]));
    }

    #[test]
    fn others_get_no_token_of_this_contract() {
        let account = account(Actor::System, Permissions::all());
        let now = datetime!(2026-03-02 08:15 UTC);
        assert!(claims(&account, &a_merchant(), now, Duration::from_secs(1)).is_none());
    }
}
