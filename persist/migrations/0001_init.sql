-- The first schema. The words of the enum types are those of include/lectern/tbl/words.h (a test compares them).
-- Migrations are additive: a gateway of the previous release must keep working on the newer schema.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TYPE role AS ENUM ('attendee', 'speaker', 'moderator', 'cohost', 'host');
CREATE TYPE member_role AS ENUM ('member', 'organizer', 'owner');
CREATE TYPE session_state AS ENUM ('draft', 'scheduled', 'live', 'paused', 'ended', 'archived');
CREATE TYPE question_state AS ENUM
    ('pending', 'live', 'stage', 'answered', 'rejected', 'withdrawn', 'merged', 'archived');
CREATE TYPE reason AS ENUM
    ('none', 'off_topic', 'duplicate', 'unclear', 'inappropriate', 'already_answered', 'no_time', 'other');
CREATE TYPE event_kind AS ENUM
    ('asked', 'edited', 'voted', 'moved', 'replied', 'state', 'policy', 'details', 'feedback');

-- Values that all gateways share. `secret` signs cookies and tokens.
CREATE TABLE setting (
    name  text PRIMARY KEY,
    value bytea NOT NULL
);
INSERT INTO setting VALUES ('secret', decode(
    replace(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));

-- People with accounts ---------------------------------------------------------------------------------------------

CREATE TABLE account (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email         text NOT NULL CHECK (length(email) BETWEEN 3 AND 254 AND email LIKE '%_@_%'),
    name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    password_hash text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    disabled_at   timestamptz
);
CREATE UNIQUE INDEX account_email ON account (lower(email));

CREATE TABLE organization (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE membership (
    organization_id bigint NOT NULL REFERENCES organization ON DELETE CASCADE,
    account_id      bigint NOT NULL REFERENCES account ON DELETE CASCADE,
    role            member_role NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, account_id)
);
CREATE INDEX membership_account ON membership (account_id);

-- A signed-in browser. Only the SHA-256 of its token is kept.
CREATE TABLE login (
    token_hash bytea PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
    user_agent text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    last_seen  timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX login_account ON login (account_id);

-- The link that lets the first person in (one row at most).
CREATE TABLE setup_token (
    only_one   boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    token_hash bytea NOT NULL,
    expires_at timestamptz NOT NULL
);

-- Plans ------------------------------------------------------------------------------------------------------------

CREATE TABLE event (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id bigint NOT NULL REFERENCES organization ON DELETE CASCADE,
    title           text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    description     text NOT NULL DEFAULT '' CHECK (length(description) <= 5000),
    created_by      bigint REFERENCES account ON DELETE SET NULL,
    created_at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX event_organization ON event (organization_id);

-- A session and its room are one row each of two tables with the same id: `session` changes when somebody plans,
-- `room` with every event. Both are written only by committed events once the session exists.
CREATE TABLE session (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id    bigint NOT NULL REFERENCES event ON DELETE CASCADE,
    code        text NOT NULL UNIQUE CHECK (code ~ '^[0-9A-HJKMNP-TV-Z]{6}$'),
    title       text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    description text NOT NULL DEFAULT '' CHECK (length(description) <= 5000),
    starts_at   timestamptz,
    ends_at     timestamptz,
    timezone    text NOT NULL DEFAULT 'UTC' CHECK (length(timezone) BETWEEN 1 AND 64),
    created_by  bigint REFERENCES account ON DELETE SET NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    CHECK (ends_at IS NULL OR starts_at IS NULL OR ends_at > starts_at)
);
CREATE INDEX session_event ON session (event_id);

CREATE TABLE room (
    id        bigint PRIMARY KEY REFERENCES session ON DELETE CASCADE,
    seq       bigint NOT NULL DEFAULT 0,
    state     session_state NOT NULL DEFAULT 'draft',
    policies  jsonb NOT NULL DEFAULT '{}',   -- word → number; a word that is missing has its initial value
    responses integer NOT NULL DEFAULT 0,    -- people who gave feedback
    peak      integer NOT NULL DEFAULT 0,    -- most people at once
    live_at   timestamptz,                   -- first time live
    ended_at  timestamptz                    -- last time ended
) WITH (fillfactor = 50);                    -- room for HOT updates: this row changes with every batch

-- Who may what, beside organizers and owners of the organization (who are hosts of all its sessions).
CREATE TABLE session_role (
    session_id bigint NOT NULL REFERENCES session ON DELETE CASCADE,
    account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
    role       role NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (session_id, account_id)
);

CREATE TABLE role_link (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    session_id bigint NOT NULL REFERENCES session ON DELETE CASCADE,
    role       role NOT NULL CHECK (role <> 'attendee'),
    label      text NOT NULL DEFAULT '' CHECK (length(label) <= 100),
    token_hash bytea NOT NULL UNIQUE,
    created_by bigint REFERENCES account ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    revoked_at timestamptz
);
CREATE INDEX role_link_session ON role_link (session_id);

-- The room ---------------------------------------------------------------------------------------------------------

-- The log. seq is taken from room.seq under the room row's lock: commit-ordered, without holes.
CREATE TABLE room_event (
    room_id bigint NOT NULL REFERENCES room ON DELETE CASCADE,
    seq     bigint NOT NULL,
    at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    kind    event_kind NOT NULL,
    actor   bigint NOT NULL DEFAULT 0,       -- participant
    account bigint,                          -- account of the actor, where there is one
    body    bytea NOT NULL,                  -- msgpack, see include/lectern/tbl/event.h
    PRIMARY KEY (room_id, seq)
);

-- The ledger: the first answer to every accepted command id.
CREATE TABLE command (
    participant_id bigint NOT NULL,
    id             uuid NOT NULL,
    room_id        bigint NOT NULL REFERENCES room ON DELETE CASCADE,
    seq            bigint NOT NULL,
    at             timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (participant_id, id)
);
CREATE INDEX command_room ON command (room_id);

-- A person in a room. The id is derived from the signed cookie or the account and the room, so the same person has
-- unrelated ids in different rooms. No foreign keys point here: visits are recorded in batches, after the fact.
CREATE TABLE participant (
    room_id    bigint NOT NULL REFERENCES room ON DELETE CASCADE,
    id         bigint NOT NULL,
    account_id bigint REFERENCES account ON DELETE SET NULL,
    role       role NOT NULL DEFAULT 'attendee',   -- highest seen
    first_seen timestamptz NOT NULL DEFAULT now(),
    last_seen  timestamptz NOT NULL DEFAULT now(),
    visits     integer NOT NULL DEFAULT 1,
    PRIMARY KEY (room_id, id)
);

CREATE TABLE question (
    room_id       bigint NOT NULL REFERENCES room ON DELETE CASCADE,
    id            bigint NOT NULL,                 -- seq of its `asked` event
    asker         bigint NOT NULL,
    state         question_state NOT NULL,
    votes         integer NOT NULL DEFAULT 0 CHECK (votes >= 0),
    text          text NOT NULL,
    original      text,                            -- text before the host side's first edit
    name          text NOT NULL DEFAULT '',
    anonymous     boolean NOT NULL DEFAULT false,
    edited        boolean NOT NULL DEFAULT false,
    reason        reason NOT NULL DEFAULT 'none',
    note          text NOT NULL DEFAULT '',
    reply         text NOT NULL DEFAULT '',
    reply_private boolean NOT NULL DEFAULT false,
    asked_at      timestamptz NOT NULL,
    state_at      timestamptz NOT NULL,
    published_at  timestamptz,                     -- first time live
    staged_at     timestamptz,                     -- last time on stage
    answered_at   timestamptz,
    PRIMARY KEY (room_id, id)
) WITH (fillfactor = 80);
CREATE INDEX question_asker ON question (room_id, asker);

CREATE TABLE vote (
    room_id        bigint NOT NULL,
    question_id    bigint NOT NULL,
    participant_id bigint NOT NULL,
    at             timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (room_id, question_id, participant_id),
    FOREIGN KEY (room_id, question_id) REFERENCES question ON DELETE CASCADE
);
CREATE INDEX vote_participant ON vote (room_id, participant_id);

CREATE TABLE feedback (
    room_id        bigint NOT NULL REFERENCES room ON DELETE CASCADE,
    participant_id bigint NOT NULL,
    stars          smallint CHECK (stars BETWEEN 1 AND 5),
    recommend      smallint CHECK (recommend BETWEEN 0 AND 10),
    text           text NOT NULL DEFAULT '',
    name           text NOT NULL DEFAULT '',
    created_at     timestamptz NOT NULL DEFAULT now(),
    changed_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (room_id, participant_id)
);

-- The reach curve: each worker adds the people connected to it, every ten seconds while a room has members.
CREATE TABLE presence_sample (
    room_id bigint NOT NULL REFERENCES room ON DELETE CASCADE,
    at      timestamptz NOT NULL,
    worker  text NOT NULL,
    here    integer NOT NULL,
    PRIMARY KEY (room_id, at, worker)
);
