/* query.h - the names of the organizer queries; LECTERN_ROW_QUERY(NAME) is defined by whoever includes this.
 * The statement of each is in persist/query.c. No include guard: it is meant to be included more than once. */

/* accounts */
LECTERN_ROW_QUERY(CLOCK)             /* () → the database's time in ms */
LECTERN_ROW_QUERY(SETUP_NEEDED)      /* () → true when there is no account yet */
LECTERN_ROW_QUERY(SETUP)             /* (token hash hex, email, name, password_hash, organization) → account; uses up the token */
LECTERN_ROW_QUERY(ACCOUNT_CREATE)    /* (email, name, password_hash, organization name or NULL, role or NULL) → account */
LECTERN_ROW_QUERY(ACCOUNT_BY_EMAIL)  /* (email) → {id, name, password_hash, disabled} */
LECTERN_ROW_QUERY(ACCOUNT_ME)        /* () → {id, name, email, organizations: [{id, name, role}]} */
LECTERN_ROW_QUERY(ACCOUNT_PASSWORD)  /* () → the asking account's password_hash */
LECTERN_ROW_QUERY(ACCOUNT_SET_PASSWORD) /* (password_hash, keep token hash hex or NULL): ends other logins */
LECTERN_ROW_QUERY(LOGIN_CREATE)      /* (token hash hex, user agent, lifetime seconds) */
LECTERN_ROW_QUERY(LOGIN_ACCOUNT)     /* (token hash hex) → account id; touches last_seen */
LECTERN_ROW_QUERY(LOGIN_END)         /* (token hash hex) */
LECTERN_ROW_QUERY(LOGIN_END_ALL)     /* () every login of the asking account */
LECTERN_ROW_QUERY(SETUP_TOKEN_SET)   /* (token hash hex, lifetime seconds): the one open set-up token */
LECTERN_ROW_QUERY(SETUP_TOKEN_CHECK) /* (token hash hex) → true */
/* events and sessions */
LECTERN_ROW_QUERY(SESSION_FIRST)     /* () → {id, code} of the oldest session of an organization this account owns */
LECTERN_ROW_QUERY(EVENT_LIST)        /* () → [event] */
LECTERN_ROW_QUERY(EVENT_CREATE)      /* (organization, title, description) → event */
LECTERN_ROW_QUERY(EVENT_GET)         /* (event) → event with its sessions */
LECTERN_ROW_QUERY(EVENT_UPDATE)      /* (event, title, description) → event */
LECTERN_ROW_QUERY(SESSION_CREATE)    /* (event, code, title, description, starts_at ms, ends_at ms, timezone, policies JSON) → session */
LECTERN_ROW_QUERY(SESSION_GET)       /* (session) → session */
LECTERN_ROW_QUERY(SESSION_ROLE)      /* (session) → this account's role in it */
LECTERN_ROW_QUERY(SESSION_BY_CODE)   /* (code) → {code, title, state, event, starts_at} for the join page; drafts hidden */
LECTERN_ROW_QUERY(LINK_CREATE)       /* (session, role, label, token hash hex, lifetime seconds or NULL) → link */
LECTERN_ROW_QUERY(LINK_LIST)         /* (session) → [link] */
LECTERN_ROW_QUERY(LINK_REVOKE)       /* (link) → {session} */
LECTERN_ROW_QUERY(LINK_BY_TOKEN)     /* (token hash hex) → {id, code, role, label} */
/* review and exports */
LECTERN_ROW_QUERY(REVIEW)            /* (session) → the whole review */
LECTERN_ROW_QUERY(EXPORT_QUESTIONS_CSV)
LECTERN_ROW_QUERY(EXPORT_QUESTIONS_JSON)
LECTERN_ROW_QUERY(EXPORT_VOTES_CSV)
LECTERN_ROW_QUERY(EXPORT_VOTES_JSON)
LECTERN_ROW_QUERY(EXPORT_FEEDBACK_CSV)
LECTERN_ROW_QUERY(EXPORT_FEEDBACK_JSON)
LECTERN_ROW_QUERY(EXPORT_ATTENDANCE_CSV)
LECTERN_ROW_QUERY(EXPORT_ATTENDANCE_JSON)
