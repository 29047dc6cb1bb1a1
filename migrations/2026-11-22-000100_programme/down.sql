DROP TABLE messages;
ALTER TABLE merchants ADD COLUMN communication text NOT NULL DEFAULT 'email';
UPDATE merchants SET communication = COALESCE(settings ->> 'communication', 'email');
ALTER TABLE merchants ALTER COLUMN communication DROP DEFAULT;
ALTER TABLE merchants ADD CONSTRAINT merchants_communication_check CHECK (communication IN ('email', 'sms'));
ALTER TABLE merchants DROP COLUMN settings;
