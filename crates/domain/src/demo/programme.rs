//! The merchants' programmes: levels, tills, sellers and the one customer everybody knows.

use time::macros::datetime;
use uuid::Uuid;

use super::{DemoError, Hands, PASSWORD, SECOND_STORE, SELLER, STORE};
use crate::access::Actor;
use crate::customer::{
    Address, CreateCustomer, Customer, Demands, Email, Gender, LoyaltyCard, Name, Origin,
    PhoneNumber,
};
use crate::id::{CompanyId, CustomerId, LevelId, MerchantId, PointOfSaleId, SellerId};
use crate::level::{Level, LevelText, Reward};
use crate::merchant::{BusinessDetails, Language, Merchant, Settings};
use crate::money::{Amount, Fraction};
use crate::pos::{Coordinates, PointOfSale};
use crate::secret::Secret;
use crate::seller::Seller;
use crate::text::Text;

/// Levels: the end of the id, the amount they begin at, the reward in percent.
const LEVELS: [(u128, i64, i64); 3] = [(0x50000, 0, 0), (0x51111, 20, 5), (0x52222, 200, 10)];
const LEVEL_IDS: u128 = 0xe82c_96cf_32a3_43bd_9034_4df3_43e0_0000;
const CUSTOMER: u128 = 0x0000_0000_0000_474c_b092_b0dd_880c_07e1;
const TILLS: [u128; 2] =
    [0x0000_0000_0000_474c_1111_b0dd_880c_07e2, 0x0000_0000_0000_474c_1111_b0dd_880c_07e3];

impl Hands {
    pub(super) async fn first_merchant(&self) -> Result<Merchant, DemoError> {
        let merchant = self.merchant(STORE, 5678, "inst-0001", "Harbour Road Coffee")?;
        self.merchants.add(&merchant).await?;
        for level in LEVELS {
            self.levels
                .add(&self.level(
                    merchant.id,
                    LevelId::from(Uuid::from_u128(LEVEL_IDS | level.0)),
                    level,
                )?)
                .await?;
        }
        for (index, id) in TILLS.into_iter().enumerate() {
            self.points_of_sale
                .add(&till(merchant.id, PointOfSaleId::from(Uuid::from_u128(id)), index + 1)?)
                .await?;
        }
        self.seller(merchant.id, SELLER, true).await?;
        self.seller(merchant.id, "seller2@example.com", false).await?;
        self.credentials_of_the_first(merchant.id).await?;
        self.known_customer(merchant.id).await?;
        Ok(merchant)
    }

    pub(super) async fn second_merchant(&self) -> Result<(), DemoError> {
        let merchant = self.merchant(SECOND_STORE, 5679, "inst-0002", "Second Street Books")?;
        self.merchants.add(&merchant).await?;
        let id = LevelId::from(self.entropy.uuid());
        self.levels.add(&self.level(merchant.id, id, LEVELS[0])?).await?;
        self.credentials_of_the_second(merchant.id).await
    }

    fn merchant(
        &self,
        store: &str,
        company: i64,
        institution: &str,
        name: &str,
    ) -> Result<Merchant, DemoError> {
        let now = self.clock.now();
        Ok(Merchant {
            id: MerchantId::from(self.entropy.uuid()),
            store_code: Text::try_from(store)?,
            company_id: CompanyId::try_from(company)?,
            institution: Text::try_from(institution)?,
            name: Text::try_from(name)?,
            currency: "eur".parse()?,
            time_zone: Text::try_from("Europe/Warsaw")?,
            languages: vec![Language::try_from("en")?, Language::try_from("pl")?],
            settings: Settings::default(),
            business: BusinessDetails {
                postal_address: Some(address("Harbour Road", "18", "4")?),
                business_number: Some(Text::try_from("12 345 678 910")?),
                website: Some(Text::try_from("https://harbour.example")?),
                contact_first_name: Some(Text::try_from("Rae")?),
                contact_last_name: Some(Text::try_from("Okafor")?),
                contact_email: Some(Text::try_from("rae@example.com")?),
            },
            created_at: now,
            updated_at: now,
        })
    }

    fn level(
        &self,
        merchant: MerchantId,
        id: LevelId,
        level: (u128, i64, i64),
    ) -> Result<Level, DemoError> {
        let (_, condition, percent) = level;
        let rank = LEVELS.iter().position(|known| known.0 == level.0).unwrap_or(0);
        let words = |name: &str| {
            Ok::<_, DemoError>(LevelText {
                name: Text::try_from(format!("{name}{rank}"))?,
                description: None,
            })
        };
        Ok(Level {
            merchant,
            id,
            condition: Amount::whole(condition),
            reward: Reward {
                name: Text::try_from("discount")?,
                value: Fraction::percent(percent),
                code: Text::try_from(format!("level{rank}"))?,
            },
            special_rewards: Vec::new(),
            photo: None,
            min_order: None,
            active: true,
            texts: [
                (Language::try_from("en")?, words("level")?),
                (Language::try_from("pl")?, words("poziom")?),
            ]
            .into(),
            created_at: self.clock.now(),
        })
    }

    async fn seller(
        &self,
        merchant: MerchantId,
        email: &str,
        allow_point_transfer: bool,
    ) -> Result<(), DemoError> {
        let seller = Seller {
            merchant,
            id: SellerId::from(self.entropy.uuid()),
            first_name: Text::try_from("Sel")?,
            last_name: Text::try_from("Ler")?,
            email: Email::try_from(email)?,
            phone: None,
            pos: Some(PointOfSaleId::from(Uuid::from_u128(TILLS[0]))),
            active: true,
            allow_point_transfer,
            deleted_at: None,
        };
        self.sellers.add(&seller).await?;
        Ok(self
            .accounts
            .set_password(merchant, Actor::Seller(seller.id), Secret::new(PASSWORD.to_owned()))
            .await?)
    }

    async fn known_customer(&self, merchant: MerchantId) -> Result<Customer, DemoError> {
        let ladder = self.levels.ladder(merchant).await?;
        let command = CreateCustomer {
            id: Some(CustomerId::from(Uuid::from_u128(CUSTOMER))),
            name: Name::Divided { first: Text::try_from("John")?, last: Text::try_from("Doe")? },
            email: Some(Email::try_from("user@example.com")?),
            phone: Some(PhoneNumber::try_from("+48234234000")?),
            loyalty_card: Some(LoyaltyCard::try_from("47834433524")?),
            gender: Some(Gender::Male),
            birth_date: Some(datetime!(1990-09-11 00:00:00 UTC)),
            created_at: Some(datetime!(2016-08-08 08:53:14 UTC)),
            ..CreateCustomer::default()
        };
        let origin = Origin { merchant, actor: Actor::System, demands: Demands::default() };
        let customer = self.customers.create(&origin, &ladder, command).await?;
        let password = Secret::new(PASSWORD.to_owned());
        self.accounts.set_password(merchant, Actor::Customer(customer.id), password).await?;
        Ok(customer)
    }
}

fn till(merchant: MerchantId, id: PointOfSaleId, number: usize) -> Result<PointOfSale, DemoError> {
    Ok(PointOfSale {
        merchant,
        id,
        name: Text::try_from(format!("pos{number}"))?,
        identifier: Text::try_from(format!("pos{number}"))?,
        description: None,
        location: address("Harbour Road", "18", "")?,
        coordinates: Coordinates::default(),
    })
}

fn address(street: &str, house: &str, unit: &str) -> Result<Address, DemoError> {
    Ok(Address {
        street: Text::try_from(street)?,
        house: Text::try_from(house)?,
        unit: Text::try_from(unit)?,
        city: Text::try_from("Geelong")?,
        province: Text::try_from("VIC")?,
        postal_code: Text::try_from("3220")?,
        country: Text::try_from("AU")?,
    })
}
