//! Invented people: plausible, different, and the same for the same seed.

use domain::customer::{
    Address, Agreements, CreateCustomer, Email, Gender, LoyaltyCard, Name, PhoneNumber,
};
use domain::text::{InvalidText, Line, Text};
use time::{Date, Month, OffsetDateTime, Time};

use super::dice::Dice;

const WOMEN: [&str; 16] = [
    "Ada", "Zofia", "Maja", "Hanna", "Ayla", "Noor", "Ines", "Freya", "Lucía", "Chiara", "Élise",
    "Petra", "Ivana", "Olena", "Siobhán", "Greta",
];
const MEN: [&str; 16] = [
    "Jan", "Antoni", "Jakub", "Omar", "Luka", "Mateo", "Bjørn", "Dario", "Émile", "Taras",
    "Ruairí", "Jonas", "Piotr", "Marko", "Yusuf", "Felix",
];
const FAMILIES: [&str; 24] = [
    "Kowalski",
    "Nowak",
    "Wiśniewska",
    "Nguyen",
    "Anić",
    "Horvat",
    "Byron",
    "Okafor",
    "Müller",
    "García",
    "Rossi",
    "Dubois",
    "Shevchenko",
    "O'Neill",
    "Larsen",
    "Haddad",
    "Novák",
    "Santos",
    "Zieliński",
    "Kovačević",
    "Berg",
    "Moreau",
    "Walsh",
    "Ferrari",
];
const STREETS: [&str; 12] = [
    "Harbour Road",
    "Długa",
    "Bagno",
    "Ilica",
    "High Street",
    "Lindenallee",
    "Rue du Port",
    "Calle Mayor",
    "Via Garibaldi",
    "Khreshchatyk",
    "Mill Lane",
    "Marszałkowska",
];
/// City, province, postal code, country, calling code.
const CITIES: [[&str; 5]; 8] = [
    ["Warszawa", "Mazowieckie", "00-001", "PL", "48"],
    ["Wrocław", "Dolnośląskie", "50-001", "PL", "48"],
    ["Zagreb", "Grad Zagreb", "10000", "HR", "385"],
    ["Geelong", "VIC", "3220", "AU", "61"],
    ["Kyiv", "Kyiv", "01001", "UA", "380"],
    ["Berlin", "Berlin", "10115", "DE", "49"],
    ["Lyon", "Rhône", "69001", "FR", "33"],
    ["Cork", "Munster", "T12 X70A", "IE", "353"],
];

/// The person number `index` of a seed.
pub(crate) fn person(seed: u64, index: u32) -> Result<CreateCustomer, InvalidText> {
    let mut dice = Dice::of(seed, index);
    let woman = dice.below(2) == 0;
    let first = dice.pick(if woman { &WOMEN } else { &MEN });
    let last = dice.pick(&FAMILIES);
    let [city, province, postal_code, country, calling_code] = CITIES[dice.place(CITIES.len())];
    let mailbox: String =
        format!("{first}.{last}").to_lowercase().chars().filter_map(plain).collect();
    let number = 100_000_000 + (u64::from(index) * 7919 + seed * 104_729) % 899_999_999;
    Ok(CreateCustomer {
        name: Name::Divided { first: Line::try_from(first)?, last: Line::try_from(last)? },
        email: Some(Email::try_from(format!("{mailbox}.{seed}.{index}@example.com"))?),
        phone: Some(PhoneNumber::try_from(format!("+{calling_code}{number}"))?),
        loyalty_card: (dice.below(3) == 0)
            .then(|| LoyaltyCard::try_from(format!("{seed}{index:09}")))
            .transpose()?,
        primary_address: Some(Address {
            street: Line::try_from(dice.pick(&STREETS))?,
            house: Line::try_from((1 + dice.below(180)).to_string())?,
            unit: Line::default(),
            city: Line::try_from(city)?,
            province: Line::try_from(province)?,
            postal_code: Line::try_from(postal_code)?,
            country: Line::try_from(country)?,
        }),
        gender: Some(if woman { Gender::Female } else { Gender::Male }),
        birth_date: birth_date(&mut dice),
        tags: if dice.below(8) == 0 { vec![Text::try_from("Gold Member")?] } else { Vec::new() },
        agreements: Agreements { terms: true, marketing: dice.below(2) == 0, third: false },
        ..CreateCustomer::default()
    })
}

fn birth_date(dice: &mut Dice) -> Option<OffsetDateTime> {
    let year = 1940 + i32::try_from(dice.below(65)).ok()?;
    let month = Month::try_from(1 + u8::try_from(dice.below(12)).ok()?).ok()?;
    let day = 1 + u8::try_from(dice.below(28)).ok()?;
    Some(Date::from_calendar_date(year, month, day).ok()?.with_time(Time::MIDNIGHT).assume_utc())
}

/// Letters as mailboxes spell them.
fn plain(letter: char) -> Option<char> {
    match letter {
        'a'..='z' | '.' => Some(letter),
        'á' | 'à' | 'ä' | 'ã' => Some('a'),
        'é' | 'è' | 'ę' => Some('e'),
        'í' => Some('i'),
        'ó' | 'ö' | 'ø' => Some('o'),
        'ü' | 'ú' => Some('u'),
        'ć' | 'č' => Some('c'),
        'ł' => Some('l'),
        'ń' => Some('n'),
        'ś' => Some('s'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_people_and_another_gives_others() {
        assert_eq!(person(1, 7).unwrap(), person(1, 7).unwrap());
        assert_ne!(person(1, 7).unwrap(), person(2, 7).unwrap());
    }

    #[test]
    fn no_two_people_share_a_mailbox_or_a_number() {
        let people: Vec<_> = (0..5000).map(|index| person(3, index).unwrap()).collect();
        let mailboxes: HashSet<_> =
            people.iter().map(|person| person.email.as_ref().unwrap().key()).collect();
        let numbers: HashSet<_> =
            people.iter().map(|person| person.phone.as_ref().unwrap().key()).collect();
        assert_eq!((mailboxes.len(), numbers.len()), (5000, 5000));
    }
}
