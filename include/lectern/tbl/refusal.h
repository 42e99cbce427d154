/* refusal.h - every "no" a command can get: X(C_NAME, word, retry, English text for logs and documents).
 *
 * The word travels on the wire; the page says it in the reader's language. `retry` is 1 when the same command may
 * succeed later without being changed: the client keeps it and sends it again.
 */
#ifndef LECTERN_TBL_REFUSAL_H
#define LECTERN_TBL_REFUSAL_H

#define LECTERN_REFUSALS(X) \
    X(NONE, none, 0, "accepted") \
    X(UNKNOWN_COMMAND, unknown_command, 0, "there is no command of this name") \
    X(MALFORMED, malformed, 0, "the command's fields are missing or of the wrong type") \
    X(NOT_ALLOWED, not_allowed, 0, "your role does not allow this") \
    X(NOT_OPEN, not_open, 0, "the session's state does not allow this") \
    X(ASKING_CLOSED, asking_closed, 0, "the host has closed asking") \
    X(VOTING_CLOSED, voting_closed, 0, "the host has closed voting") \
    X(FEEDBACK_CLOSED, feedback_closed, 0, "feedback is closed") \
    X(NO_QUESTION, no_question, 0, "there is no such question") \
    X(WRONG_STATE, wrong_state, 0, "the question's state does not allow this") \
    X(NOT_YOURS, not_yours, 0, "only the asker may do this") \
    X(TOO_LATE, too_late, 0, "the time for this has passed") \
    X(EMPTY, empty, 0, "the text is empty") \
    X(TOO_LONG, too_long, 0, "the text is too long") \
    X(BAD_TEXT, bad_text, 0, "the text is not valid UTF-8 or holds control characters") \
    X(BAD_VALUE, bad_value, 0, "a value is out of its range") \
    X(NAME_REQUIRED, name_required, 0, "this session asks for a name") \
    X(TOO_MANY, too_many, 0, "you have as many open questions as this session allows") \
    X(TOO_FAST, too_fast, 1, "too many commands in a short time") \
    X(FULL, full, 0, "the session holds as many questions as it may") \
    X(CONFLICT, conflict, 0, "somebody else changed this first") \
    X(UNAVAILABLE, unavailable, 1, "the database does not answer; sent again with the same id it is stored once") \
    X(INTERNAL, internal, 0, "the server failed on this command; nothing was changed")

#endif
