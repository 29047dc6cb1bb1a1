//! Who may log in, and which programs may call.

use super::{
    API_KEY, AUTHENTICITY_TOKEN, CLIENT, DemoError, Hands, OPERATOR, OTHER_CLIENT, PASSWORD,
    REDIRECT_URI, SECOND_API_KEY, SECOND_AUTHENTICITY_TOKEN, SECOND_CLIENT, SIGNATURE_TOKEN,
};
use crate::account::{Admin, Operator, Role};
use crate::id::{AdminId, ApplicationId, MerchantId, OperatorId};
use crate::merchant::{Application, Credentials};
use crate::secret::{Sealed, Secret};
use crate::text::Text;

impl Hands {
    pub(super) async fn credentials_of_the_first(
        &self,
        merchant: MerchantId,
    ) -> Result<(), DemoError> {
        self.admin(merchant, "admin", Role::Master).await?;
        self.admin(merchant, "reporter", Role::Reporter).await?;
        self.operator(merchant).await?;
        self.application(merchant, "Back office", self.api_key(API_KEY)).await?;
        self.application(merchant, "Web shop", self.shared_key(AUTHENTICITY_TOKEN)?).await?;
        self.application(merchant, "Till add-on", self.client(CLIENT, Some(SIGNATURE_TOKEN))?)
            .await?;
        self.application(merchant, "Other add-on", self.client(OTHER_CLIENT, None)?).await
    }

    pub(super) async fn credentials_of_the_second(
        &self,
        merchant: MerchantId,
    ) -> Result<(), DemoError> {
        self.admin(merchant, "admin2", Role::Master).await?;
        self.operator(merchant).await?;
        self.application(merchant, "Back office", self.api_key(SECOND_API_KEY)).await?;
        self.application(merchant, "Web shop", self.shared_key(SECOND_AUTHENTICITY_TOKEN)?).await?;
        self.application(merchant, "Till add-on", self.client(SECOND_CLIENT, None)?).await
    }

    async fn admin(
        &self,
        merchant: MerchantId,
        username: &str,
        role: Role,
    ) -> Result<(), DemoError> {
        let admin = Admin {
            merchant,
            id: AdminId::from(self.entropy.uuid()),
            username: Text::try_from(username)?,
            email: Text::try_from(format!("{username}@example.com"))?,
            first_name: None,
            last_name: None,
            phone: None,
            role,
            active: true,
            api_key: None,
            created_at: self.clock.now(),
        };
        Ok(self.accounts.add_admin(&admin, Secret::new(PASSWORD.to_owned())).await?)
    }

    async fn operator(&self, merchant: MerchantId) -> Result<(), DemoError> {
        let id = OperatorId::from(self.entropy.uuid());
        let operator = Operator { merchant, id, email: Text::try_from(OPERATOR)? };
        Ok(self.accounts.add_operator(&operator, Secret::new(PASSWORD.to_owned())).await?)
    }

    async fn application(
        &self,
        merchant: MerchantId,
        name: &str,
        credentials: Credentials,
    ) -> Result<(), DemoError> {
        let application = Application {
            merchant,
            id: ApplicationId::from(self.entropy.uuid()),
            name: Text::try_from(name)?,
            credentials,
            created_at: self.clock.now(),
        };
        Ok(self.merchants.add_application(&application).await?)
    }

    fn api_key(&self, key: &str) -> Credentials {
        Credentials::ApiKey { key: self.keeper.fingerprint(key), addresses: None }
    }

    fn shared_key(&self, (token, key): (&str, &str)) -> Result<Credentials, DemoError> {
        Ok(Credentials::SharedKey { token: Text::try_from(token)?, key: self.sealed(key)? })
    }

    fn client(
        &self,
        (id, secret): (&str, &str),
        signature_token: Option<&str>,
    ) -> Result<Credentials, DemoError> {
        Ok(Credentials::OAuthClient {
            client_id: Text::try_from(id)?,
            secret: self.keeper.fingerprint(secret),
            signature_token: signature_token.map(|token| self.sealed(token)).transpose()?,
            redirect_uris: vec![REDIRECT_URI.to_owned()],
        })
    }

    fn sealed(&self, secret: &str) -> Result<Sealed, DemoError> {
        Ok(self.keeper.seal(&Secret::new(secret.as_bytes().to_vec()))?)
    }
}
