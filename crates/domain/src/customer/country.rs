//! Countries, as the dialects that name them at all name them.

use std::fmt;
use std::str::FromStr;

use crate::text::Line;

/// An officially assigned ISO 3166-1 alpha-2 code in upper case. KC, MO and KO refuse others in what they write; stored
/// countries are free text, because OL allows any (`domain.md` §3, rule 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CountryCode(&'static str);

impl CountryCode {
    /// The two letters, in upper case.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

impl FromStr for CountryCode {
    type Err = UnknownCountry;

    /// Reads a code in any letter case.
    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let letters: [u8; 2] = raw.as_bytes().try_into().map_err(|_| UnknownCountry)?;
        let upper = letters.map(|letter| letter.to_ascii_uppercase());
        let found = CODES.binary_search_by(|code| code.as_bytes().cmp(&upper));
        found.map(|at| Self(CODES[at])).map_err(|_| UnknownCountry)
    }
}

impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl From<CountryCode> for Line {
    fn from(code: CountryCode) -> Self {
        // Two letters fit every line.
        Self::try_from(code.0).unwrap_or_default()
    }
}

/// No country has that code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an ISO 3166-1 alpha-2 code")]
pub struct UnknownCountry;

/// Every assigned code, sorted.
#[rustfmt::skip]
const CODES: [&str; 249] = [
    "AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ",
    "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS",
    "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN",
    "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE",
    "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF",
    "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM",
    "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM",
    "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC",
    "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK",
    "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA",
    "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG",
    "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW",
    "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS",
    "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO",
    "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI",
    "VN", "VU", "WF", "WS", "YE", "YT", "ZA", "ZM", "ZW",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_in_any_case_and_kept_in_upper_case() {
        for raw in ["UA", "ua", "Ua"] {
            assert_eq!(raw.parse::<CountryCode>().unwrap().as_str(), "UA");
        }
    }

    #[test]
    fn every_listed_code_is_found() {
        assert!(CODES.is_sorted());
        assert!(CODES.iter().all(|code| code.parse::<CountryCode>().is_ok()));
    }

    #[test]
    fn what_is_not_assigned_is_refused() {
        for raw in ["", "U", "UKR", "XX", "UK", "EU", "AN", " UA", "ä", "U\0"] {
            assert_eq!(raw.parse::<CountryCode>(), Err(UnknownCountry), "{raw}");
        }
    }
}
