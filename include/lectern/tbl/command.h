/* command.h - everything a person can do in a room.
 *
 * X(C_NAME, word, roles, session states, question states, FIELDS): who may, in which states of the session, on
 * questions in which states (0: the command names no question). FIELDS lists F(type, name) in wire order; the first
 * field of a command on a question is always `question`.
 *
 * Three readers share this table: room_check (the first answer, on the room in memory), persist (the same masks again
 * inside the transaction, where they decide) and the codec. Where a session may go from where is in words.h, read by the
 * same two. What a mask cannot say (own question only, edit window, policies, lengths) is in rooms/check.c.
 */
#ifndef LECTERN_TBL_COMMAND_H
#define LECTERN_TBL_COMMAND_H

#define ROLES_ALL (BIT(ROLE_COUNT) - 1)
#define ROLES_RUN (BIT(ROLE_SPEAKER) | ROLES_MODERATE)
#define ROLES_MODERATE (BIT(ROLE_MODERATOR) | ROLES_LEAD)
#define ROLES_LEAD (BIT(ROLE_COHOST) | BIT(ROLE_HOST))

#define SESSIONS_ALL (BIT(SESSION_COUNT) - 1)
#define SESSIONS_OPEN (BIT(SESSION_SCHEDULED) | BIT(SESSION_LIVE))
#define SESSIONS_STAGE (BIT(SESSION_LIVE) | BIT(SESSION_PAUSED))
#define SESSIONS_WORK (BIT(SESSION_SCHEDULED) | BIT(SESSION_LIVE) | BIT(SESSION_PAUSED) | BIT(SESSION_ENDED))
#define SESSIONS_KEPT (SESSIONS_ALL & ~BIT(SESSION_ARCHIVED))

#define QUESTIONS_WAITING (BIT(QUESTION_PENDING) | BIT(QUESTION_LIVE))
#define QUESTIONS_UP (BIT(QUESTION_LIVE) | BIT(QUESTION_STAGE))
#define QUESTIONS_UNANSWERED (BIT(QUESTION_PENDING) | QUESTIONS_UP)

#define LECTERN_COMMANDS(X) \
    X(ASK, ask, ROLES_ALL, SESSIONS_OPEN, 0, LECTERN_FIELDS_ASK) \
    X(EDIT, edit, ROLES_ALL, SESSIONS_OPEN, QUESTIONS_WAITING, LECTERN_FIELDS_EDIT) \
    X(WITHDRAW, withdraw, ROLES_ALL, SESSIONS_WORK, QUESTIONS_UNANSWERED, LECTERN_FIELDS_QUESTION) \
    X(VOTE, vote, ROLES_ALL, SESSIONS_OPEN, QUESTIONS_UP, LECTERN_FIELDS_VOTE) \
    X(FEEDBACK, feedback, ROLES_ALL, BIT(SESSION_ENDED), 0, LECTERN_FIELDS_FEEDBACK) \
    X(APPROVE, approve, ROLES_MODERATE, SESSIONS_WORK, BIT(QUESTION_PENDING), LECTERN_FIELDS_APPROVE) \
    X(REJECT, reject, ROLES_MODERATE, SESSIONS_WORK, QUESTIONS_UNANSWERED, LECTERN_FIELDS_REJECT) \
    X(STAGE, stage, ROLES_RUN, SESSIONS_STAGE, BIT(QUESTION_LIVE), LECTERN_FIELDS_QUESTION) \
    X(UNSTAGE, unstage, ROLES_RUN, SESSIONS_WORK, BIT(QUESTION_STAGE), LECTERN_FIELDS_QUESTION) \
    X(ANSWERED, answered, ROLES_RUN, SESSIONS_WORK, QUESTIONS_UP, LECTERN_FIELDS_QUESTION) \
    X(REPLY, reply, ROLES_MODERATE, SESSIONS_WORK, QUESTIONS_UNANSWERED | BIT(QUESTION_ANSWERED), \
      LECTERN_FIELDS_REPLY) \
    X(ARCHIVE, archive, ROLES_MODERATE, SESSIONS_WORK, \
      QUESTIONS_UNANSWERED | BIT(QUESTION_ANSWERED) | BIT(QUESTION_REJECTED), LECTERN_FIELDS_QUESTION) \
    X(RESTORE, restore, ROLES_MODERATE, SESSIONS_WORK, \
      QUESTIONS_UP | BIT(QUESTION_ANSWERED) | BIT(QUESTION_REJECTED) | BIT(QUESTION_ARCHIVED), \
      LECTERN_FIELDS_RESTORE) \
    X(STATE, state, ROLES_LEAD, SESSIONS_ALL, 0, LECTERN_FIELDS_STATE) \
    X(POLICY, policy, ROLES_MODERATE, SESSIONS_KEPT, 0, LECTERN_FIELDS_POLICY) \
    X(DETAILS, details, ROLES_LEAD, SESSIONS_KEPT, 0, LECTERN_FIELDS_DETAILS)

#define LECTERN_FIELDS_QUESTION(F) F(id, question)
/* `name` may be empty; `anonymous` counts where the names policy leaves the choice. */
#define LECTERN_FIELDS_ASK(F) F(str, text) F(str, name) F(flag, anonymous)
#define LECTERN_FIELDS_EDIT(F) F(id, question) F(str, text)
#define LECTERN_FIELDS_VOTE(F) F(id, question) F(flag, on)
/* stars 1 to 5, 0 for none; recommend 0 to 10, -1 for none. */
#define LECTERN_FIELDS_FEEDBACK(F) F(number, stars) F(number, recommend) F(str, text) F(str, name)
/* An empty text approves the question as it is. */
#define LECTERN_FIELDS_APPROVE(F) F(id, question) F(str, text)
#define LECTERN_FIELDS_REJECT(F) F(id, question) F(reason, reason) F(str, note)
/* An empty text takes the answer back. `private` shows it to the asker and the host side only. */
#define LECTERN_FIELDS_REPLY(F) F(id, question) F(str, text) F(flag, private)
/* Undo of any decision: the question goes (back) to `state`: pending, live, answered or rejected. */
#define LECTERN_FIELDS_RESTORE(F) F(id, question) F(question_state, state)
#define LECTERN_FIELDS_STATE(F) F(session_state, state)
#define LECTERN_FIELDS_POLICY(F) F(policy, policy) F(number, value)
/* Times in Unix milliseconds, 0 for none; `timezone` is an IANA name such as Asia/Shanghai. */
#define LECTERN_FIELDS_DETAILS(F) \
    F(str, title) F(str, description) F(number, starts_at) F(number, ends_at) F(str, timezone)

#endif
