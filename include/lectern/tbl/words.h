/* words.h - the words of the product, each list once.
 *
 * A row is X(C_NAME, word[, more]). The word is the same in SQL (enum types), on the wire, in TypeScript, in the
 * language files and on the page. Rows are only ever added at the end: the numbers go into masks, not onto disk.
 */
#ifndef LECTERN_TBL_WORDS_H
#define LECTERN_TBL_WORDS_H

/* What a person may do in one session; the rights are in command.h. Organizers of the organization are hosts. */
#define LECTERN_ROLES(X) \
    X(ATTENDEE, attendee) \
    X(SPEAKER, speaker) \
    X(MODERATOR, moderator) \
    X(COHOST, cohost) \
    X(HOST, host)

/* What a person may do in an organization. */
#define LECTERN_MEMBER_ROLES(X) \
    X(MEMBER, member) \
    X(ORGANIZER, organizer) \
    X(OWNER, owner)

#define LECTERN_SESSION_STATES(X) \
    X(DRAFT, draft) \
    X(SCHEDULED, scheduled) \
    X(LIVE, live) \
    X(PAUSED, paused) \
    X(ENDED, ended) \
    X(ARCHIVED, archived)

/* Where a session may go from where: X(FROM, states it may go to). A session that has questions never becomes a draft. */
#define LECTERN_SESSION_STEPS(X) \
    X(DRAFT, BIT(SESSION_SCHEDULED) | BIT(SESSION_LIVE)) \
    X(SCHEDULED, BIT(SESSION_LIVE) | BIT(SESSION_DRAFT)) \
    X(LIVE, BIT(SESSION_PAUSED) | BIT(SESSION_ENDED)) \
    X(PAUSED, BIT(SESSION_LIVE) | BIT(SESSION_ENDED)) \
    X(ENDED, BIT(SESSION_LIVE) | BIT(SESSION_ARCHIVED)) \
    X(ARCHIVED, BIT(SESSION_ENDED))

#define LECTERN_QUESTION_STATES(X) \
    X(PENDING, pending) \
    X(LIVE, live) \
    X(STAGE, stage) \
    X(ANSWERED, answered) \
    X(REJECTED, rejected) \
    X(WITHDRAWN, withdrawn) \
    X(MERGED, merged) \
    X(ARCHIVED, archived)

/* Why a question was rejected; `other` explains itself in the note. */
#define LECTERN_REASONS(X) \
    X(NONE, none) \
    X(OFF_TOPIC, off_topic) \
    X(DUPLICATE, duplicate) \
    X(UNCLEAR, unclear) \
    X(INAPPROPRIATE, inappropriate) \
    X(ALREADY_ANSWERED, already_answered) \
    X(NO_TIME, no_time) \
    X(OTHER, other)

/* Which page a connection serves: decides what it is sent. Stage connections are not counted as people. */
#define LECTERN_PAGES(X) \
    X(ATTENDEE, attendee) \
    X(HOST, host) \
    X(SPEAKER, speaker) \
    X(STAGE, stage)

/* What a host may change at any moment: X(C_NAME, word, default, minimum, maximum).
 *   review            new questions wait for a host (0/1)
 *   asking, voting    open or closed (0/1)
 *   ask_ahead         questions are taken while the session is scheduled (0/1)
 *   names             0 anonymous, 1 names shown, 2 names to the host side only, 3 asker's choice
 *   question_length   code points a question may have
 *   question_limit    questions one participant may have waiting or live; 0 is no limit
 *   stage_next        the stage page shows the next three questions (0/1)
 *   feedback          feedback may be given and changed once the session has ended (0/1)
 *   feedback_names    0 feedback is anonymous, 1 the organizer sees the name given */
#define LECTERN_POLICIES(X) \
    X(REVIEW, review, 1, 0, 1) \
    X(ASKING, asking, 1, 0, 1) \
    X(VOTING, voting, 1, 0, 1) \
    X(ASK_AHEAD, ask_ahead, 0, 0, 1) \
    X(NAMES, names, 3, 0, 3) \
    X(QUESTION_LENGTH, question_length, 500, 1, 2000) \
    X(QUESTION_LIMIT, question_limit, 0, 0, 1000) \
    X(STAGE_NEXT, stage_next, 1, 0, 1) \
    X(FEEDBACK, feedback, 1, 0, 1) \
    X(FEEDBACK_NAMES, feedback_names, 0, 0, 1)

#endif
