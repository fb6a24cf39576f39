"""What the server itself sees to, whoever connects and with whatever program: stamps, order, scope, and group rights.

The functions run with the rights of the register's owner and name every table with its schema, so that nothing in the
path of a login can be put in the place of what they mean. Nothing of it holds until the setting `enforced` is there.
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.access import RoleGranted, RoleRevoked
from domain.inbox import INBOX
from domain.kinds import TOPICS
from domain.office import OFFICE
from domain.pieces import FOREVER

NO_RIGHT_TO_ROLES = "LA001"
"""The state that is reported where the owner of a register may not make logins, or give somebody a group."""

_MEANT = {
    "enforced": "EXISTS (SELECT FROM @schema.setting WHERE key = 'enforced')",
    "forever": str(FOREVER),
    "granted": TOPICS[RoleGranted],
    "revoked": TOPICS[RoleRevoked],
    "inbox": f"'\\x{INBOX.hex}'::bytea",
    "office": f"'\\x{OFFICE.hex}'::bytea",
    "mine": "xmin IS NOT DISTINCT FROM pg_current_xact_id_if_assigned()::xid",
    "now": "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint",
    "owner": "SECURITY DEFINER SET search_path = pg_catalog, pg_temp",
    "state": NO_RIGHT_TO_ROLES,
}
"""What the words with an @ stand for below. mine: of a row that this very transaction wrote."""

_GRANTED = """
CREATE OR REPLACE FUNCTION @schema.granted() RETURNS TABLE (login text, role text, units text[], stands boolean)
LANGUAGE sql STABLE @owner AS $$
  SELECT DISTINCT ON (said ->> 'user', said ->> 'role') said ->> 'user', said ->> 'role',
    ARRAY(SELECT jsonb_array_elements_text(coalesce(said -> 'units', '[]'))), topic = '@granted'
  FROM (SELECT originator_version, topic, convert_from(state, 'UTF8')::jsonb AS said FROM @schema.event
        WHERE originator_id = @office AND topic IN ('@granted', '@revoked')) AS decided
  ORDER BY said ->> 'user', said ->> 'role', originator_version DESC
$$
"""
"""Who was given which role for which units, by what the office's stream says last: the one source of all rights."""

_UNITS = """
CREATE OR REPLACE FUNCTION @schema.my_units() RETURNS text[] LANGUAGE sql STABLE @owner AS $$
  SELECT CASE WHEN NOT @enforced OR pg_has_role(session_user, current_user, 'USAGE')
      OR bool_or(units = ARRAY[]::text[]) THEN NULL
    ELSE ARRAY(SELECT unit FROM @schema.granted(), unnest(units) AS unit WHERE login = session_user AND stands) END
  FROM @schema.granted() WHERE login = session_user AND stands
$$
"""
"""The units whose people the login may read; NULL for all, and for the owner."""

_SEEN = """EXISTS (
  SELECT FROM @schema.docket AS c JOIN @schema.docket AS o ON o.person = c.person
  JOIN @schema.post_interval AS p ON p.number = o.number
  WHERE @which AND (o.number = c.number OR NOT o.@mine) AND p.unit = ANY ((SELECT @schema.my_units())::text[])
    AND (p.@mine OR (p.valid_to = @forever AND NOT EXISTS (
      SELECT FROM @schema.post_interval AS later
      WHERE later.number = p.number AND later.valid_to = @forever AND later.known_from > p.known_from))))"""
"""Whether a case is in the login's units, or was before this transaction, or is another of such a person.

All of a person's cases together tell which numbers somebody holds. A case that is not yet committed brings no other
along: it could be taken back once it had been read.
"""

_ITEMS = """
CREATE OR REPLACE FUNCTION @schema.my_items() RETURNS SETOF bigint LANGUAGE sql STABLE @owner AS $$
  SELECT i.item FROM @schema.inbox AS i JOIN @schema.command AS c ON c.id = i.command_id
  JOIN @schema.event AS e ON e.originator_id = @inbox AND e.originator_version = i.item,
  jsonb_path_query_array(convert_from(e.state, 'UTF8')::jsonb, 'lax $.units[*]') AS units
  WHERE c.actor = session_user
    OR (units <> '[]' AND ARRAY(SELECT jsonb_array_elements_text(units)) <@ @schema.my_units())
$$
"""
"""What of the inbox the login may read: what it put there, and what is about its units alone."""

_STAMP = """
CREATE OR REPLACE FUNCTION @schema.stamp_command() RETURNS trigger LANGUAGE plpgsql @owner AS $$
BEGIN
  IF NOT @enforced THEN RETURN NEW; END IF;
  PERFORM pg_advisory_xact_lock(hashtext('lantik'), hashtext(@name));
  NEW.actor := session_user;
  NEW.known_by := 'database';
  NEW.recorded_at := greatest((SELECT max(recorded_at) + 1 FROM @schema.command), @now);
  IF NOT (SELECT coalesce(bool_or(coalesce(login = session_user AND stands AND role = NEW.role, false)), true)
      FROM @schema.granted()) THEN  -- nobody has one yet when the first is given
    RAISE insufficient_privilege USING MESSAGE = 'a command is recorded under a role that the login has';
  END IF;
  RETURN NEW;
END $$
"""

_STAMP_NOTE = """
CREATE OR REPLACE FUNCTION @schema.stamp_note() RETURNS trigger LANGUAGE plpgsql @owner AS $$
BEGIN
  IF @enforced THEN
    NEW.actor := session_user;
    NEW.known_by := 'database';
    NEW.at := @now;
  END IF;
  RETURN NEW;
END $$
"""

_JUDGE_EVENTS = """
CREATE OR REPLACE FUNCTION @schema.judge_events() RETURNS trigger LANGUAGE plpgsql @owner AS $$
DECLARE low bigint; high bigint; many bigint;
BEGIN
  IF NOT @enforced THEN RETURN NULL; END IF;
  SELECT min(position), max(position), count(*) INTO low, high, many FROM added;
  IF many = 0 THEN RETURN NULL; END IF;
  IF EXISTS (SELECT FROM (SELECT DISTINCT command_id FROM added) AS a LEFT JOIN @schema.command AS c
      ON c.id = a.command_id AND c.@mine WHERE c.id IS NULL) THEN
    RAISE insufficient_privilege USING MESSAGE = 'an event is one of a command of its own transaction';
  END IF;
  IF high - low + 1 <> many OR EXISTS (SELECT FROM @schema.event WHERE position > high)
      OR low <> 1 + coalesce((SELECT max(position) FROM @schema.event WHERE position < low), 0) THEN
    RAISE insufficient_privilege USING MESSAGE = 'positions follow one another without gaps';
  END IF;
  IF @schema.my_units() IS NOT NULL AND EXISTS (SELECT FROM added JOIN @schema.docket AS d
      ON d.case_id = added.originator_id WHERE NOT @seen) THEN
    RAISE insufficient_privilege USING MESSAGE = 'the case is not of the units of the login';
  END IF;
  IF EXISTS (SELECT FROM added WHERE topic IN ('@granted', '@revoked')) THEN
    IF EXISTS (SELECT FROM @schema.event
        WHERE originator_id = @office AND position < low AND topic IN ('@granted', '@revoked')) AND EXISTS (
        SELECT FROM added JOIN @schema.command AS c ON c.id = added.command_id
        WHERE topic IN ('@granted', '@revoked') AND (c.role IS DISTINCT FROM 'keeper'
          OR (topic = '@granted' AND convert_from(state, 'UTF8')::jsonb ->> 'user' = session_user))) THEN
      RAISE insufficient_privilege USING MESSAGE = 'a keeper gives roles, to others';
    END IF;
    PERFORM @schema.follow_grants();
  END IF;
  RETURN NULL;
END $$
""".replace("@seen", _SEEN.replace("@which", "c.number = d.number"))

_JUDGE_BLOCKS = """
CREATE OR REPLACE FUNCTION @schema.judge_blocks() RETURNS trigger LANGUAGE plpgsql @owner AS $$
BEGIN
  IF @enforced AND EXISTS (SELECT FROM added LEFT JOIN @schema.event AS e
      ON e.originator_id = added.originator_id AND e.originator_version = added.originator_version AND e.@mine
      WHERE e.position IS NULL) THEN
    RAISE insufficient_privilege USING MESSAGE = 'personal values are of an event of their own transaction';
  END IF;
  RETURN NULL;
END $$
"""

_JUDGE_POSTS = """
CREATE OR REPLACE FUNCTION @schema.judge_posts() RETURNS trigger LANGUAGE plpgsql @owner AS $$
BEGIN
  IF @schema.my_units() IS NOT NULL AND EXISTS (SELECT FROM added LEFT JOIN @schema.docket AS d
      ON d.number = added.number WHERE NOT EXISTS (
        SELECT FROM @schema.event AS e WHERE e.originator_id = d.case_id AND e.@mine)) THEN
    RAISE insufficient_privilege USING MESSAGE = 'a unit changes by an event of its own transaction';
  END IF;
  RETURN NULL;
END $$
"""
"""Whoever is confined to units could give themself others' cases by writing where their post is read from."""

_FOLLOW = """
CREATE OR REPLACE FUNCTION @schema.follow_grants() RETURNS void LANGUAGE plpgsql @owner AS $$
DECLARE one record; verifier text := nullif(current_setting('lantik.verifier', true), '');
BEGIN
  FOR one IN
    WITH wanted AS (
      SELECT DISTINCT login, CASE role WHEN 'keeper' THEN @keeper WHEN 'auditor' THEN @reader ELSE @recorder END AS grp
      FROM @schema.granted() WHERE stands),
    there AS (
      SELECT u.rolname::text AS login, g.rolname::text AS grp FROM pg_auth_members AS m
      JOIN pg_roles AS g ON g.oid = m.roleid JOIN pg_roles AS u ON u.oid = m.member
      WHERE g.rolname IN (@reader, @recorder, @keeper) AND u.rolname NOT IN (@reader, @recorder, @keeper)
        AND u.oid <> (SELECT relowner FROM pg_class WHERE oid = '@schema.event'::regclass))
    SELECT coalesce(wanted.login, there.login) AS login, coalesce(wanted.grp, there.grp) AS grp,
      wanted.grp IS NULL AS gone
    FROM wanted FULL JOIN there ON there.login = wanted.login AND there.grp = wanted.grp
    WHERE wanted.grp IS NULL OR there.grp IS NULL
  LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = one.login) THEN
      EXECUTE 'CREATE ROLE ' || quote_ident(one.login) || ' LOGIN'
        || coalesce(' PASSWORD ' || quote_literal(verifier), '');
    END IF;
    IF one.gone THEN
      EXECUTE 'REVOKE ' || quote_ident(one.grp) || ' FROM ' || quote_ident(one.login);
    ELSE
      EXECUTE 'GRANT ' || quote_ident(one.grp) || ' TO ' || quote_ident(one.login);
    END IF;
  END LOOP;
EXCEPTION WHEN insufficient_privilege OR undefined_object THEN
  RAISE EXCEPTION USING ERRCODE = '@state', MESSAGE = 'logins could not follow the roles: ' || SQLERRM;
END $$
"""
"""Make the members of the groups those whom the log names; a login that is missing is made."""

_TRIGGERS = (
    "CREATE OR REPLACE TRIGGER stamped BEFORE INSERT ON @schema.command FOR EACH ROW "
    "EXECUTE FUNCTION @schema.stamp_command()",
    *(
        f"CREATE OR REPLACE TRIGGER stamped BEFORE INSERT ON @schema.{table} FOR EACH ROW "
        "EXECUTE FUNCTION @schema.stamp_note()"
        for table in ("attempt", "reading")
    ),
    *(
        f"CREATE OR REPLACE TRIGGER judged AFTER INSERT ON @schema.{table} REFERENCING NEW TABLE AS added "
        f"FOR EACH STATEMENT EXECUTE FUNCTION @schema.judge_{what}()"
        for table, what in (("event", "events"), ("personal", "blocks"))
    ),
)

_VIEW_TRIGGERS = tuple(
    f"CREATE OR REPLACE TRIGGER judged_{verb.lower()} AFTER {verb} ON @schema.post_interval "
    "REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION @schema.judge_posts()"
    for verb in ("INSERT", "UPDATE")
)

HIDDEN = {
    "personal": _SEEN.replace("@which", "c.case_id = personal.originator_id"),
    "person_interval": _SEEN.replace("@which", "c.number = person_interval.number"),
    "inbox": "item IN (SELECT @schema.my_items())",
}
"""The tables with personal values, and which of their rows a login meets that is confined to units."""


def _policy(table: str, condition: str) -> tuple[str, ...]:
    return (
        f"ALTER TABLE @schema.{table} ENABLE ROW LEVEL SECURITY",
        f"DROP POLICY IF EXISTS scope ON @schema.{table}",
        f"CREATE POLICY scope ON @schema.{table} "
        f"USING ((SELECT @schema.my_units()) IS NULL OR {condition}) WITH CHECK (true)",
    )


def statements(names: Mapping[str, str]) -> list[str]:
    """What lays all of it over a register with its views, again if it is there.

    names: `schema` and `name` (the same as a literal), `reader`, `recorder` and `keeper` (literals).
    """
    written = [
        _GRANTED,
        _UNITS,
        _ITEMS,
        _FOLLOW,
        _STAMP,
        _STAMP_NOTE,
        _JUDGE_EVENTS,
        _JUDGE_BLOCKS,
        _JUDGE_POSTS,
    ]
    written += [*_TRIGGERS, *_VIEW_TRIGGERS]
    written += [line for table, condition in HIDDEN.items() for line in _policy(table, condition)]
    written += [f"REVOKE ALL ON FUNCTION @schema.{name}() FROM PUBLIC" for name in ("granted", "follow_grants")]
    return [_filled(statement, {**_MEANT, **names}) for statement in written]


def _filled(statement: str, names: Mapping[str, str]) -> str:
    for name, value in names.items():
        statement = statement.replace(f"@{name}", value)
    return statement
