//! The domain's services, wired to one storage: what every handler is given.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use actix_web::HttpRequest;
use domain::account::{Accounts, Admins};
use domain::audit::AuditLog;
use domain::budget::{ClientAddress, Quotas};
use domain::code::Codes;
use domain::customer::Customers;
use domain::delivery::{Deliveries, Dispatcher, FanOut, Renderer, RetrySchedule, Sender};
use domain::import::Imports;
use domain::invitation::Invitations;
use domain::job::DailyJobs;
use domain::level::Levels;
use domain::merchant::Merchants;
use domain::message::{Gateways, Messages};
use domain::payment_method::PaymentMethods;
use domain::picture::{ObjectStore, PictureCleaner, Pictures};
use domain::points::Points;
use domain::pos::PointsOfSale;
use domain::seller::Sellers;
use domain::subscription::Subscriptions;
use domain::token::Tokens;
use domain::transaction::Transactions;
use domain::{Clock, Entropy, SecretKeeper, Storage};

use crate::calendar::ZoneCalendar;
use crate::config::Config;
use crate::dialects;
use crate::directory::{Directory, Memory};
use crate::http::client_address::client_address;
use crate::keys::SigningKeys;
use crate::views::ViewLog;

/// The ports other than storage.
#[derive(Clone)]
pub struct Ports {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Secrets.
    pub keeper: Arc<dyn SecretKeeper>,
    /// Ways out for messages.
    pub gateways: Gateways,
    /// Files.
    pub objects: Arc<dyn ObjectStore>,
    /// Formats of pictures.
    pub cleaner: Arc<dyn PictureCleaner>,
    /// The way out for deliveries.
    pub sender: Arc<dyn Sender>,
}

/// Every service a handler may call. One per worker, because each worker has its own connections.
pub struct Services {
    /// What the operator set.
    pub config: Arc<Config>,
    /// The ports, for what dialects sign, compare and stamp themselves.
    pub ports: Ports,
    /// The keys that sign tokens.
    pub keys: Arc<SigningKeys>,
    /// Storage, for health.
    pub storage: Storage,
    /// Merchants and applications.
    pub merchants: Merchants,
    /// Customers.
    pub customers: Customers,
    /// Levels.
    pub levels: Levels,
    /// Pictures of customers and levels.
    pub pictures: Pictures,
    /// Invitations.
    pub invitations: Invitations,
    /// The points ledger.
    pub points: Points,
    /// Customers from files.
    pub imports: Imports,
    /// Points of sale.
    pub points_of_sale: PointsOfSale,
    /// Sellers.
    pub sellers: Sellers,
    /// Logins.
    pub accounts: Accounts,
    /// Admins.
    pub admins: Admins,
    /// Tokens.
    pub tokens: Tokens,
    /// What programs want to be told.
    pub subscriptions: Subscriptions,
    /// Transactions of tills.
    pub transactions: Transactions,
    /// Saved payment methods.
    pub payment_methods: PaymentMethods,
    /// What happens by itself once a day.
    pub jobs: DailyJobs,
    /// Where looks at customers are noted.
    pub views: ViewLog,
    /// What was done to customers, and who looked.
    pub audit: AuditLog,
    /// Codes and links in messages.
    pub codes: Codes,
    /// Requests a minute.
    pub quotas: Quotas,
    /// The dispatcher of messages.
    pub messages: Messages,
    /// Remembered look-ups.
    pub directory: Directory,
    /// What writes deliveries.
    pub renderer: Arc<dyn Renderer>,
    /// The operator's side of deliveries, and the feed of events.
    pub deliveries: Deliveries,
}

impl Services {
    /// Wires the services to a storage.
    pub fn new(
        config: Arc<Config>,
        ports: Ports,
        keys: Arc<SigningKeys>,
        memory: Memory,
        views: ViewLog,
        storage: Storage,
    ) -> Self {
        let (clock, entropy, keeper) = (
            || Arc::clone(&ports.clock),
            || Arc::clone(&ports.entropy),
            || Arc::clone(&ports.keeper),
        );
        let merchants = Merchants::new(storage.clone());
        let levels = Levels::new(storage.clone(), clock(), entropy());
        let accounts = Accounts::new(storage.clone(), clock(), keeper())
            .asking_for(config.open_loyalty.password_security_level);
        let (objects, cleaner) = (Arc::clone(&ports.objects), Arc::clone(&ports.cleaner));
        let (gateways, links) = (ports.gateways.clone(), config.messages.links(&config.public_url));
        Self {
            customers: Customers::new(storage.clone(), clock(), entropy()),
            pictures: Pictures::new(storage.clone(), clock(), entropy(), objects, cleaner),
            invitations: Invitations::new(storage.clone(), clock(), entropy(), keeper()),
            points: Points::new(storage.clone(), clock(), entropy(), Arc::new(ZoneCalendar)),
            imports: Imports::new(storage.clone(), clock(), entropy(), keeper()),
            points_of_sale: PointsOfSale::new(storage.clone()),
            sellers: Sellers::new(storage.clone(), clock(), entropy(), keeper()),
            admins: Admins::new(storage.clone(), clock(), entropy(), keeper()),
            tokens: Tokens::new(storage.clone(), clock(), entropy(), keeper()),
            subscriptions: Subscriptions::new(
                storage.clone(),
                clock(),
                keeper(),
                config.subscriptions(),
            ),
            transactions: Transactions::new(storage.clone(), clock(), entropy()),
            payment_methods: PaymentMethods::new(storage.clone(), clock(), entropy(), keeper()),
            jobs: DailyJobs::new(storage.clone(), clock(), entropy(), Arc::new(ZoneCalendar)),
            views,
            quotas: Quotas::new(storage.clone(), clock(), keeper()),
            codes: Codes::new(storage.clone(), clock(), entropy(), keeper(), accounts.clone()),
            accounts,
            audit: AuditLog::new(storage.clone()),
            messages: Messages::new(storage.clone(), clock(), entropy(), keeper(), gateways, links),
            directory: Directory::new(memory, merchants.clone(), levels.clone()),
            renderer: dialects::renderer(keeper()),
            deliveries: Deliveries::new(
                storage.clone(),
                clock(),
                entropy(),
                keeper(),
                config.webhooks.retention.try_into().unwrap_or(domain::delivery::PARKED_FOR),
            ),
            merchants,
            levels,
            config,
            ports,
            keys,
            storage,
        }
    }

    /// What makes deliveries of events.
    pub fn fan_out(&self) -> FanOut {
        let Ports { clock, entropy, keeper, .. } = self.ports.clone();
        FanOut::new(self.storage.clone(), clock, entropy, keeper)
    }

    /// What sends deliveries.
    pub fn dispatcher(&self) -> Dispatcher {
        let Ports { clock, entropy, keeper, sender, .. } = self.ports.clone();
        let (storage, renderer) = (self.storage.clone(), Arc::clone(&self.renderer));
        let schedule = RetrySchedule::divided_by(self.config.webhooks.retry_scale);
        Dispatcher::new(storage, clock, entropy, keeper, sender, renderer).with_schedule(schedule)
    }

    /// Where a request comes from, as far as it is known; all of a network that is counted as one.
    pub fn client_address(&self, request: &HttpRequest) -> ClientAddress {
        self.exact_address(request).into()
    }

    /// The very address that a request comes from, as far as it is known.
    pub fn exact_address(&self, request: &HttpRequest) -> IpAddr {
        let peer =
            request.peer_addr().map_or(IpAddr::from(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
        client_address(peer, request.headers(), &self.config.trusted_proxies)
    }
}
