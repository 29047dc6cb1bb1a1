//! Invented cards, masked as a gateway would: nobody's, and the same for the same seed.

use std::error::Error;

use domain::payment_method::{CardToken, Expiry, NewPaymentMethod};
use domain::text::hex;
use time::{Month, Time};

use super::dice::Dice;

/// Cards go to the first people only, so that a large seed takes no longer for them.
const PEOPLE: u32 = 1_000;
/// How many people share one card.
const PEOPLE_PER_CARD: u64 = 4;
/// Test numbers of card schemes, without their middles.
const NUMBERS: [&str; 4] =
    ["411111******1111", "555555******4444", "378282*****0005", "601111******1117"];

/// The card of the person number `index` of a seed, if it has one.
pub(super) fn card(
    seed: u64,
    index: u32,
) -> Result<Option<NewPaymentMethod>, Box<dyn Error + Send + Sync>> {
    // Other dice than those that made the person.
    let mut dice = Dice::of(seed.wrapping_add(0x6361_7264), index);
    if index >= PEOPLE || dice.below(PEOPLE_PER_CARD) != 0 {
        return Ok(None);
    }
    let month = Month::try_from(1 + u8::try_from(dice.below(12))?)?;
    let expiry = Expiry::of_month(2024 + i32::try_from(dice.below(12))?, month)?;
    let token: Vec<_> = (0..4).flat_map(|_| dice.next().to_be_bytes()).collect();
    Ok(Some(NewPaymentMethod {
        number: dice.pick(&NUMBERS).parse()?,
        expiry,
        keep_until: Some(expiry.last_day().with_time(Time::MIDNIGHT).assume_utc()),
        token: CardToken::try_from(hex(&token))?,
    }))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn some_of_the_first_people_have_a_card_and_no_two_the_same() {
        let cards: Vec<_> = (0..2 * PEOPLE).filter_map(|index| card(3, index).unwrap()).collect();
        assert!((200..300).contains(&cards.len()), "{}", cards.len());
        let tokens: HashSet<_> = cards.iter().map(|card| card.token.expose()).collect();
        assert_eq!(tokens.len(), cards.len());
        assert_eq!(card(3, 7).unwrap(), card(3, 7).unwrap());
        assert!((PEOPLE..2 * PEOPLE).all(|index| card(3, index).unwrap().is_none()));
    }
}
