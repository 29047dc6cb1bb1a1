//! Whatever bytes a file has, its reader comes to an end.

use import::{ReadError, survey};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::shop::{file, row};

/// Pieces of which files are made that nearly are what they should be.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let pieces = [
        "<customers>",
        "</customers>",
        "<customer>",
        "</customer>",
        "<customer/>",
        "<email>",
        "</email>",
        "<labels><label><key>",
        "</key></label></labels>",
        "a@b.example",
        "&amp;",
        "&x;",
        "&#0;",
        "&",
        ";",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "<?pi",
        "?>",
        "<!DOCTYPE",
        "<",
        ">",
        "\"",
        "='",
        " a=\"b\"",
        "\u{0}",
        "ż",
        "\n",
    ];
    let known = prop::sample::select(pieces.map(|piece| piece.as_bytes().to_vec()).to_vec());
    let any = vec(any::<u8>(), 0..4);
    vec(prop_oneof![8 => known, 1 => any], 0..80).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in pieces(), declared in any::<bool>()) {
        let declaration: &[u8] = if declared { b"<?xml version=\"1.0\"?>" } else { b"" };
        let file = [declaration, &bytes].concat();
        match survey(&file[..], None) {
            Ok(found) => prop_assert!(found.bytes <= file.len() as u64 && found.rows <= found.bytes),
            Err(error) => prop_assert!(matches!(error, ReadError::Refused(_)), "{error}"),
        }
    }

    #[test]
    fn a_file_that_is_cut_keeps_its_whole_rows(rows in 0_usize..6, cut in any::<prop::sample::Index>()) {
        let row = row(&[("firstName", "Żółć")]);
        let whole = file(&row.repeat(rows));
        let cut = cut.index(whole.len() + 1).max("<?xml ".len());
        let complete = whole.as_bytes()[..cut].windows("</customer>".len());
        let complete = complete.filter(|tail| *tail == b"</customer>").count() as u64;
        let found = survey(&whole.as_bytes()[..cut], None).unwrap();
        prop_assert!(found.rows == complete || found.rows == complete + 1, "{} of {complete}", found.rows);
    }
}
