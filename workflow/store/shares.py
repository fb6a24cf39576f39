"""What an agency shows to readers outside: the view `shared_roster`, without personal values, and who may read it.

Who may is what the office's stream says; the server gives and takes the right itself, as soon as that is recorded. Laid
over a register on PostgreSQL with the other rights.
"""

from __future__ import annotations

from collections.abc import Iterator

from domain.kinds import TOPICS
from domain.log import ALWAYS
from domain.office import OFFICE, RosterShared
from domain.pieces import FOREVER

VIEW = "shared_roster"

_OWNER = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"

_CODE = "(SELECT value FROM @schema.setting WHERE key = 'code')"

_DAY = "DATE '0001-01-01' + ({} - 1)"

_UNTIL = "least(s.valid_to, p.valid_to)"

_ROSTER = f"""
CREATE OR REPLACE VIEW @schema.{VIEW} WITH (security_barrier) AS
SELECT {_CODE} AS agency,
  {_CODE} || '-' || CASE WHEN s.number < 1000000 THEN lpad(s.number::text, 6, '0') ELSE s.number::text END
    AS case_number,
  p.unit, s.stage, s.status, p.category, s.formation, p.position,
  {_DAY.format("greatest(s.valid_from, p.valid_from)")} AS valid_from,
  CASE WHEN {_UNTIL} < {FOREVER} THEN {_DAY.format(_UNTIL)} END AS valid_to
FROM @schema.stage_interval AS s
JOIN @schema.post_interval AS p ON p.number = s.number AND p.known_to = {ALWAYS}
  AND p.valid_from < s.valid_to AND p.valid_to > s.valid_from
WHERE s.known_to = {ALWAYS}
"""  # noqa: S608  our own names
"""As known now. valid_to: the day on which the row holds no more; null if there is none."""

_FOLLOW = f"""
CREATE OR REPLACE FUNCTION @schema.follow_shares() RETURNS void LANGUAGE plpgsql {_OWNER} AS $$
DECLARE one record;
BEGIN
  FOR one IN
    WITH decided AS (
      SELECT originator_version AS seq, convert_from(state, 'UTF8')::jsonb AS said FROM @schema.event
      WHERE originator_id = '\\x{OFFICE.hex}'::bytea AND topic = '{TOPICS[RosterShared]}'),
    last AS (
      SELECT DISTINCT ON (said ->> 'login') said ->> 'login' AS login, coalesce(said ->> 'ended', 'false') AS ended
      FROM decided ORDER BY said ->> 'login', seq DESC),
    wanted AS (SELECT login FROM last JOIN pg_roles ON rolname = login WHERE ended = 'false'),
    there AS (
      SELECT DISTINCT rolname::text AS login
      FROM pg_class, aclexplode(relacl) AS rights JOIN pg_roles ON pg_roles.oid = rights.grantee
      WHERE pg_class.oid = '@schema.{VIEW}'::regclass AND rights.grantee <> relowner)
    SELECT login, wanted.login IS NULL AS gone FROM wanted FULL JOIN there USING (login)
    WHERE wanted.login IS NULL OR there.login IS NULL
  LOOP
    IF one.gone THEN
      EXECUTE 'REVOKE SELECT ON @schema.{VIEW} FROM ' || quote_ident(one.login);
      EXECUTE 'REVOKE USAGE ON SCHEMA @schema FROM ' || quote_ident(one.login);
    ELSE
      EXECUTE 'GRANT USAGE ON SCHEMA @schema TO ' || quote_ident(one.login);
      EXECUTE 'GRANT SELECT ON @schema.{VIEW} TO ' || quote_ident(one.login);
    END IF;
  END LOOP;
END $$
"""  # noqa: S608  our own names
"""Give the right to those whom the log names, as far as the server knows them, and take it from all others."""

_JUDGE = f"""
CREATE OR REPLACE FUNCTION @schema.judge_shares() RETURNS trigger LANGUAGE plpgsql {_OWNER} AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM added WHERE topic = '{TOPICS[RosterShared]}') THEN RETURN NULL; END IF;
  IF EXISTS (SELECT FROM @schema.setting WHERE key = 'enforced') AND EXISTS (
      SELECT FROM added JOIN @schema.command AS c ON c.id = added.command_id
      WHERE topic = '{TOPICS[RosterShared]}' AND c.role IS DISTINCT FROM 'keeper') THEN
    RAISE insufficient_privilege USING MESSAGE = 'a keeper shares the roster';
  END IF;
  PERFORM @schema.follow_shares();
  RETURN NULL;
END $$
"""  # noqa: S608  our own names

_TRIGGER = (
    "CREATE OR REPLACE TRIGGER shared AFTER INSERT ON @schema.event REFERENCING NEW TABLE AS added "
    "FOR EACH STATEMENT EXECUTE FUNCTION @schema.judge_shares()"
)


def statements(schema: str) -> Iterator[str]:
    """What makes the view and gives the rights on it, again if they are there; the views must be. schema: quoted."""
    closed = "REVOKE ALL ON FUNCTION @schema.follow_shares() FROM PUBLIC"
    for statement in (_ROSTER, _FOLLOW, _JUDGE, closed, _TRIGGER, "SELECT @schema.follow_shares()"):
        yield statement.replace("@schema", schema)
