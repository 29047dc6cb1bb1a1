//! Bodies of refusals (contract 1.7 and 2.6).

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use serde::ser::{SerializeMap as _, Serializer};
use utoipa::ToSchema;

/// An HTTP error: not found, forbidden, unreadable, broken.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HttpErrorBody {
    pub(crate) error: HttpError,
}

/// The status and its standard text.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HttpError {
    #[schema(example = 404)]
    pub(crate) code: u16,
    #[schema(example = "Not Found")]
    pub(crate) message: &'static str,
}

/// A refusal by the doorkeeper; some of them name the status again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuthenticationErrorBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 401)]
    pub(crate) code: Option<u16>,
    #[schema(example = "Bad credentials")]
    pub(crate) message: &'static str,
}

/// One thing wrong, under a name of its own: `{"posId":"field is required"}`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(transparent)]
pub(crate) struct NamedErrorBody(pub(crate) BTreeMap<&'static str, &'static str>);

/// A form with errors: every child that the form has, with what is wrong with it.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct FormErrorBody {
    pub(crate) form: FormNode,
    /// The errors of the form as a whole, once more.
    pub(crate) errors: Vec<Cow<'static, str>>,
}

/// A form or a field of one.
#[derive(Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct FormNode {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(crate) errors: Vec<Cow<'static, str>>,
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "in_order")]
    #[schema(required = false, value_type = HashMap<String, Object>)]
    pub(crate) children: Vec<(Cow<'static, str>, FormNode)>,
}

/// Clients show the children in the order in which they come.
fn in_order<S: Serializer>(
    children: &[(Cow<'static, str>, FormNode)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(children.len()))?;
    for (name, node) in children {
        map.serialize_entry(name, node)?;
    }
    map.end()
}
