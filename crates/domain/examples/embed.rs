//! Clientele inside another program: registers a customer and finds it again, with everything kept in memory.

use std::error::Error;
use std::sync::Arc;

use domain::Storage;
use domain::access::Actor;
use domain::customer::{CreateCustomer, Customers, Demands, Email, Lookup, Name, Origin};
use domain::level::Ladder;
use domain::merchant::Merchants;
use domain::testing::{FixedClock, MemoryBackend, SequentialEntropy, a_merchant};

#[tokio::main]
#[expect(clippy::print_stdout, reason = "an example shows what it does")]
async fn main() -> Result<(), Box<dyn Error>> {
    let storage = Storage::new(MemoryBackend::default());
    let (clock, entropy) = (FixedClock::default(), SequentialEntropy::default());
    let customers = Customers::new(storage.clone(), Arc::new(clock), Arc::new(entropy));

    let merchant = a_merchant();
    Merchants::new(storage).add(&merchant).await?;

    // This caller insists that nobody else of the merchant has the address.
    let demands = Demands { email: true, ..Demands::default() };
    let origin = Origin { merchant: merchant.id, actor: Actor::System, demands };
    let ada = CreateCustomer {
        name: Name::Undivided("Ada Byron".try_into()?),
        email: Some(Email::try_from("ada@example.test")?),
        ..CreateCustomer::default()
    };
    let registered = customers.create(&origin, &Ladder::default(), ada).await?;

    let lookup = Lookup::Email("ADA@example.test".to_owned());
    let found = customers.look_up(merchant.id, &lookup).await?;
    assert_eq!(found, registered);
    println!("Customer {} is {} {}.", found.number, found.name.first(), found.name.last());
    Ok(())
}
