//! The tables as the migrations leave them. Written by `cargo xtask schema`, never by hand.

// `customers` is left out: 63 columns, more than the 32 that Diesel is built for.

pub(crate) mod sql_types {
    #[derive(diesel::query_builder::QueryId, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "xid8"))]
    pub struct Xid8;
}

diesel::table! {
    admins (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        username -> Text,
        email -> Text,
        role -> Text,
        active -> Bool,
        first_name -> Nullable<Text>,
        last_name -> Nullable<Text>,
        phone -> Nullable<Text>,
        key_fingerprint -> Nullable<Bytea>,
        sealed_key -> Nullable<Bytea>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    applications (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        kind -> Text,
        public_name -> Text,
        secret_fingerprint -> Nullable<Bytea>,
        sealed_key -> Nullable<Bytea>,
        sealed_signature_token -> Nullable<Bytea>,
        redirect_uris -> Array<Text>,
        created_at -> Timestamptz,
        addresses -> Nullable<Array<Text>>,
    }
}

diesel::table! {
    budgets (merchant_id, kind, subject) {
        merchant_id -> Uuid,
        kind -> Text,
        subject -> Bytea,
        used -> Int4,
        allowed -> Int4,
        ends_at -> Timestamptz,
    }
}

diesel::table! {
    codes (merchant_id, actor_kind, actor_id, purpose) {
        merchant_id -> Uuid,
        actor_kind -> Text,
        actor_id -> Uuid,
        purpose -> Text,
        number -> Int4,
        fingerprint -> Nullable<Bytea>,
        phone -> Nullable<Text>,
        attempts -> Int4,
        issued_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    customer_counts (merchant_id, level_id, slot) {
        merchant_id -> Uuid,
        level_id -> Uuid,
        slot -> Int8,
        live -> Int8,
    }
}

diesel::table! {
    customer_figures (merchant_id, created_at, customer_id) {
        merchant_id -> Uuid,
        created_at -> Timestamptz,
        customer_id -> Uuid,
        lot -> Int2,
        purchase_count -> Int8,
        purchase_amount -> Int8,
        purchase_average -> Numeric,
        last_purchase_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    customer_list (merchant_id, customer_id) {
        merchant_id -> Uuid,
        customer_id -> Uuid,
        created_at -> Timestamptz,
        lot -> Int2,
        active -> Bool,
        first_name -> Nullable<Text>,
        last_name -> Nullable<Text>,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        card -> Nullable<Text>,
        city -> Nullable<Text>,
        postal_code -> Nullable<Text>,
        gender -> Nullable<Text>,
        birth_date -> Nullable<Timestamptz>,
        level_id -> Nullable<Uuid>,
        manual_level_id -> Nullable<Uuid>,
        pos_id -> Nullable<Uuid>,
        seller_id -> Nullable<Uuid>,
        labels -> Nullable<Array<Text>>,
    }
}

diesel::table! {
    customer_texts (merchant_id, customer_id) {
        merchant_id -> Uuid,
        customer_id -> Uuid,
        created_at -> Timestamptz,
        first_name -> Nullable<Text>,
        last_name -> Nullable<Text>,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        card -> Nullable<Text>,
        city -> Nullable<Text>,
        postal_code -> Nullable<Text>,
    }
}

diesel::table! {
    customer_texts_due (merchant_id, entry) {
        merchant_id -> Uuid,
        entry -> Int8,
        customer_id -> Uuid,
    }
}

diesel::table! {
    customer_updates (merchant_id, updated_at, created_at, customer_id) {
        merchant_id -> Uuid,
        updated_at -> Timestamptz,
        created_at -> Timestamptz,
        customer_id -> Uuid,
        lot -> Int2,
    }
}

diesel::table! {
    customer_views (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        customer_id -> Uuid,
        actor_kind -> Text,
        actor_id -> Nullable<Uuid>,
        at -> Timestamptz,
    }
}

diesel::table! {
    deliveries (merchant_id, endpoint, id) {
        merchant_id -> Uuid,
        endpoint -> Int8,
        id -> Uuid,
        subject_id -> Uuid,
        version -> Int8,
        ordinal -> Int2,
        state -> Text,
        attempts -> Int4,
        body -> Nullable<Bytea>,
        stripped -> Bool,
        created_at -> Timestamptz,
        settled_at -> Nullable<Timestamptz>,
        parked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    delivery_attempts (merchant_id, endpoint, delivery_id, lease) {
        merchant_id -> Uuid,
        endpoint -> Int8,
        delivery_id -> Uuid,
        lease -> Uuid,
        at -> Timestamptz,
        number -> Int4,
        took_microseconds -> Int8,
        status -> Nullable<Int2>,
        answer -> Nullable<Text>,
        failure -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{Bool, Int2, Int8, Uuid};
    use super::sql_types::Xid8;

    delivery_cursor (only_one) {
        only_one -> Bool,
        transaction_id -> Xid8,
        merchant_id -> Uuid,
        subject_id -> Uuid,
        version -> Int8,
        ordinal -> Int2,
    }
}

diesel::table! {
    delivery_endpoints (merchant_id, endpoint) {
        merchant_id -> Uuid,
        endpoint -> Int8,
        sealed_secret -> Bytea,
        sealed_previous_secret -> Nullable<Bytea>,
        previous_until -> Nullable<Timestamptz>,
        paused_at -> Nullable<Timestamptz>,
        failing_since -> Nullable<Timestamptz>,
        told_at -> Nullable<Timestamptz>,
        last_attempt_at -> Nullable<Timestamptz>,
        last_success_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    delivery_lanes (merchant_id, endpoint, subject_id) {
        merchant_id -> Uuid,
        endpoint -> Int8,
        subject_id -> Uuid,
        version -> Int8,
        ordinal -> Int2,
        due_at -> Timestamptz,
        lease -> Nullable<Uuid>,
    }
}

diesel::table! {
    directory (kind, name) {
        kind -> Text,
        name -> Text,
        merchant_id -> Uuid,
        subject_id -> Uuid,
    }
}

diesel::table! {
    use diesel::sql_types::{Int2, Int8, Json, Nullable, Text, Timestamptz, Uuid};
    use super::sql_types::Xid8;

    events (merchant_id, customer_id, version, ordinal) {
        merchant_id -> Uuid,
        customer_id -> Uuid,
        version -> Int8,
        ordinal -> Int2,
        id -> Uuid,
        kind -> Text,
        detail -> Json,
        actor_kind -> Text,
        actor_id -> Nullable<Uuid>,
        at -> Timestamptz,
        customer_number -> Int8,
        record -> Json,
        transaction_id -> Xid8,
        subject -> Text,
    }
}

diesel::table! {
    imports (merchant_id, fingerprint) {
        merchant_id -> Uuid,
        fingerprint -> Bytea,
        processed -> Int8,
        stored -> Int8,
        begun_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    invitations (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        referrer_id -> Uuid,
        recipient_email -> Nullable<Text>,
        recipient_email_key -> Nullable<Text>,
        recipient_phone -> Nullable<Text>,
        recipient_phone_key -> Nullable<Text>,
        token_fingerprint -> Nullable<Bytea>,
        customer_id -> Nullable<Uuid>,
        status -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    job_days (merchant_id, job) {
        merchant_id -> Uuid,
        job -> Text,
        day -> Date,
    }
}

diesel::table! {
    levels (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        condition -> Int8,
        reward_name -> Text,
        reward_value -> Int8,
        reward_code -> Text,
        active -> Bool,
        texts -> Jsonb,
        created_at -> Timestamptz,
        special_rewards -> Jsonb,
        min_order -> Nullable<Int8>,
        photo -> Nullable<Text>,
    }
}

diesel::table! {
    merchants (id) {
        id -> Uuid,
        store_code -> Text,
        company_id -> Int8,
        institution -> Text,
        name -> Text,
        currency -> Text,
        time_zone -> Text,
        languages -> Array<Text>,
        business -> Jsonb,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        settings -> Jsonb,
    }
}

diesel::table! {
    message_templates (merchant_id, kind, channel, language) {
        merchant_id -> Uuid,
        kind -> Text,
        channel -> Text,
        language -> Text,
        subject -> Text,
        body -> Text,
    }
}

diesel::table! {
    messages (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        about_kind -> Text,
        about_id -> Nullable<Uuid>,
        kind -> Text,
        language -> Nullable<Text>,
        content -> Nullable<Bytea>,
        created_at -> Timestamptz,
        expires_at -> Nullable<Timestamptz>,
        attempts -> Int4,
        due_at -> Timestamptz,
    }
}

diesel::table! {
    operators (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        email -> Text,
        email_key -> Text,
    }
}

diesel::table! {
    passwords (merchant_id, actor_kind, actor_id) {
        merchant_id -> Uuid,
        actor_kind -> Text,
        actor_id -> Uuid,
        hash -> Text,
        temporary -> Bool,
        last_login_at -> Nullable<Timestamptz>,
        sessions_since -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    payment_methods (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        customer_id -> Uuid,
        masked_number -> Text,
        expires_on -> Date,
        keep_until -> Nullable<Timestamptz>,
        token_fingerprint -> Bytea,
        sealed_token -> Bytea,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    points_of_sale (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        name -> Text,
        identifier -> Text,
        description -> Nullable<Text>,
        location -> Jsonb,
        latitude -> Nullable<Text>,
        longitude -> Nullable<Text>,
    }
}

diesel::table! {
    points_transfers (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        customer_id -> Uuid,
        is_adding -> Bool,
        peer_id -> Nullable<Uuid>,
        value -> Int8,
        remaining -> Int8,
        state -> Text,
        locked_until -> Nullable<Timestamptz>,
        expires_at -> Nullable<Timestamptz>,
        warned -> Bool,
        comment -> Nullable<Text>,
        actor_kind -> Text,
        actor_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    registration_counts (merchant_id, hour, slot, live) {
        merchant_id -> Uuid,
        hour -> Timestamptz,
        slot -> Int8,
        live -> Int8,
    }
}

diesel::table! {
    sales_counts (merchant_id, pos_id, slot) {
        merchant_id -> Uuid,
        pos_id -> Uuid,
        slot -> Int8,
        transactions -> Int8,
        amount -> Int8,
        amount_without_delivery -> Int8,
    }
}

diesel::table! {
    sellers (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        first_name -> Text,
        last_name -> Text,
        email -> Text,
        email_key -> Nullable<Text>,
        phone -> Nullable<Text>,
        pos_id -> Nullable<Uuid>,
        active -> Bool,
        allow_point_transfer -> Bool,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    signing_keys (name) {
        name -> Text,
        sealed_key -> Bytea,
    }
}

diesel::table! {
    stray_pictures (merchant_id, path) {
        merchant_id -> Uuid,
        path -> Text,
        due_at -> Timestamptz,
    }
}

diesel::table! {
    subscriptions (merchant_id, application_id, number) {
        merchant_id -> Uuid,
        application_id -> Uuid,
        number -> Int8,
        topic -> Text,
        address -> Text,
        format -> Text,
        sealed_headers -> Nullable<Bytea>,
        watched -> Array<Text>,
        sites -> Array<Int8>,
        other_conditions -> Text,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    tokens (fingerprint, purpose) {
        fingerprint -> Bytea,
        purpose -> Text,
        merchant_id -> Uuid,
        actor_kind -> Text,
        actor_id -> Uuid,
        scopes -> Array<Text>,
        redirect_uri -> Nullable<Text>,
        expires_at -> Nullable<Timestamptz>,
        renewed_as -> Nullable<Bytea>,
    }
}

diesel::table! {
    transactions (merchant_id, id) {
        merchant_id -> Uuid,
        id -> Uuid,
        kind -> Text,
        document -> Text,
        revises -> Nullable<Text>,
        purchased_at -> Timestamptz,
        place -> Nullable<Text>,
        items -> Jsonb,
        gross -> Int8,
        gross_without_delivery -> Int8,
        gross_excluded -> Int8,
        buyer -> Nullable<Jsonb>,
        buyer_email_key -> Nullable<Text>,
        buyer_phone_key -> Nullable<Text>,
        buyer_card_key -> Nullable<Text>,
        pos_id -> Nullable<Uuid>,
        labels -> Jsonb,
        customer_id -> Nullable<Uuid>,
        customer_version -> Nullable<Int8>,
        assigned_at -> Nullable<Timestamptz>,
        registered_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    admins,
    applications,
    budgets,
    codes,
    customer_counts,
    customer_figures,
    customer_list,
    customer_texts,
    customer_texts_due,
    customer_updates,
    customer_views,
    deliveries,
    delivery_attempts,
    delivery_cursor,
    delivery_endpoints,
    delivery_lanes,
    directory,
    events,
    imports,
    invitations,
    job_days,
    levels,
    merchants,
    message_templates,
    messages,
    operators,
    passwords,
    payment_methods,
    points_of_sale,
    points_transfers,
    registration_counts,
    sales_counts,
    sellers,
    signing_keys,
    stray_pictures,
    subscriptions,
    tokens,
    transactions,
);
