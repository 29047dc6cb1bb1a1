SET LOCAL lock_timeout = '2s';

-- Texts that a merchant wrote in place of the built-in ones. An SMS has an empty subject.
CREATE TABLE message_templates (
    merchant_id uuid NOT NULL,
    kind text NOT NULL,
    channel text NOT NULL,
    language text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    CONSTRAINT message_templates_pkey PRIMARY KEY (merchant_id, kind, channel, language),
    CONSTRAINT message_templates_merchant_fkey FOREIGN KEY (merchant_id) REFERENCES merchants (id),
    CONSTRAINT message_templates_channel_check CHECK (channel IN ('email', 'sms'))
);
