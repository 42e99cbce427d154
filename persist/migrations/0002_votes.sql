-- What a vote costs. Half of it was finding places in trees: so each table that grows by a row for each vote has one index,
-- which begins with the room and the person, and no foreign key is looked up for each row. Nothing is less certain for it:
-- the statement that writes these rows takes them from the rows of the room and its questions, under the room's lock, and
-- questions go only with their room, which takes these rows along.

ALTER TABLE vote DROP CONSTRAINT vote_room_id_question_id_fkey, DROP CONSTRAINT vote_pkey,
    ADD PRIMARY KEY (room_id, participant_id, question_id);
DROP INDEX vote_participant;

ALTER TABLE command DROP CONSTRAINT command_room_id_fkey, DROP CONSTRAINT command_pkey,
    ADD PRIMARY KEY (room_id, participant_id, id);
DROP INDEX command_room;

CREATE FUNCTION forget_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM vote WHERE room_id = OLD.id;
    DELETE FROM command WHERE room_id = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER forget AFTER DELETE ON room FOR EACH ROW EXECUTE FUNCTION forget_room();
