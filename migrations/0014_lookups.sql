-- By what rows are looked up when a guest becomes an account, an account goes, or a
-- note goes for good: without these each reads a whole table.
CREATE INDEX rooms_owned ON rooms (owner_id);
CREATE INDEX access_requests_by_person ON access_requests (person_id);
CREATE INDEX notifications_by_place ON notifications (place);
