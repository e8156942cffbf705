-- The figures of one refresh as somebody would write them by hand for DuckDB: one channel, no `*`, no intervals, no
-- increments. $asof is the as-of in seconds since 1970; the brand has no accounts here.
SET TimeZone = 'UTC';
CREATE OR REPLACE TEMP TABLE base AS
WITH undo AS (SELECT account, object_key FROM acts WHERE type = 'Undo' AND object_key IS NOT NULL GROUP BY ALL)
SELECT a.account AS person, CASE WHEN object_type = 'Vote' THEN 'Vote' ELSE type END AS kind,
 type NOT IN ('Join', 'Follow', 'Leave', 'View', 'Read', 'Listen', 'Undo', 'Delete', 'Remove') AS active, type = 'Like' AS liking,
 type IN ('Join', 'Follow') AS joining, type = 'Leave' AS leaving, type = 'Create' AND coalesce(object_type, '') <> 'Vote' AS text,
 a.object_key, reply_key, epoch_us(published) // 1000000 AS sec, (day - (day + 3) % 7)::INTEGER AS week,
 year(published) * 12 + month(published) - 1 AS month, spoken_for AS brand
FROM acts a ANTI JOIN undo u ON a.account = u.account AND a.source_key = u.object_key WHERE type <> 'Undo';

CREATE OR REPLACE TEMP TABLE kinds AS
SELECT person, kind, sum(exp(-0.6931471805599453 * ($asof - sec) / (86400 * 28.0))) AS decayed, min(sec) AS first, max(sec) AS last
FROM base WHERE active AND NOT brand GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE members AS SELECT person, min(first) AS first, max(last) AS last FROM kinds GROUP BY ALL;

-- active share, reach, acts
CREATE OR REPLACE TEMP TABLE weeks AS
SELECT person, week, bool_or(active) AS active, bool_or(active AND NOT liking) AS more FROM base WHERE active AND NOT brand GROUP BY ALL;
SELECT week, count(*), count(*) FILTER (more) FROM weeks GROUP BY ALL;
SELECT week, kind, brand, count(*) FROM base WHERE active GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE stays AS
WITH moves AS (SELECT person, object_key AS room, sec, week, joining, lag(joining) OVER w AS was FROM base
  WHERE (joining OR leaving) AND NOT brand WINDOW w AS (PARTITION BY person, object_key ORDER BY sec)),
changes AS (SELECT * FROM moves WHERE joining <> coalesce(was, false)),
spans AS (SELECT person, week AS start, lead(week, 1, 1000000) OVER (PARTITION BY person, room ORDER BY sec) AS end_, joining FROM changes),
fresh AS (SELECT *, max(end_) OVER (PARTITION BY person ORDER BY start, end_ ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS furthest
  FROM spans WHERE joining),
islands AS (SELECT *, sum((furthest IS NULL OR start > furthest)::INT) OVER (PARTITION BY person ORDER BY start, end_) AS island FROM fresh)
SELECT person, island, min(start) AS start, max(end_) AS end_ FROM islands GROUP BY ALL;
SELECT start, count(*) FROM stays GROUP BY ALL;
SELECT end_, count(*) FROM stays GROUP BY ALL;
SELECT w.week, count(*) FROM weeks w JOIN stays s ON s.person = w.person AND w.week BETWEEN s.start AND s.end_ GROUP BY ALL;
SELECT count(DISTINCT person), count(DISTINCT person) FILTER (NOT liking) FROM base WHERE active AND sec > $asof - 7 * 86400;

-- presence, retention, participation
SELECT CASE WHEN first > $asof - 28 * 86400 THEN 'new' WHEN last > $asof - 28 * 86400 AND b.person IS NOT NULL THEN 'continuing'
 WHEN last > $asof - 28 * 86400 THEN 'returning' WHEN last > $asof - 90 * 86400 THEN 'lapsing' ELSE 'gone' END AS label, count(*)
FROM members m LEFT JOIN (SELECT DISTINCT person FROM base WHERE active AND sec BETWEEN $asof - 118 * 86400 AND $asof - 28 * 86400) b USING (person) GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE cohorts AS SELECT person, year(to_timestamp(first)) * 12 + month(to_timestamp(first)) - 1 AS cohort FROM members;
SELECT cohort, month, count(*) FROM (SELECT DISTINCT person, month FROM base WHERE active AND NOT brand) JOIN cohorts USING (person) GROUP BY ALL;
SELECT cohort, count(*) FROM cohorts GROUP BY ALL;
SELECT size, count(*) FROM (SELECT person, count(*) AS size FROM base WHERE active AND sec > $asof - 90 * 86400 GROUP BY ALL) GROUP BY ALL;
SELECT size, count(*) FROM (SELECT person, count(*) AS size FROM base WHERE active AND NOT liking AND sec > $asof - 90 * 86400 GROUP BY ALL) GROUP BY ALL;

-- behaviour, rank stability on 20,000 persons
CREATE OR REPLACE TEMP TABLE parts AS
SELECT person, kind, CASE kind WHEN 'Create' THEN 4 WHEN 'Announce' THEN 2 WHEN 'Like' THEN 0 ELSE 1 END * ln(decayed + 1) AS part FROM kinds;
CREATE OR REPLACE TEMP TABLE scores AS SELECT person, round(sum(part), 9) AS b FROM parts GROUP BY ALL;
SELECT count(*), count(*) FILTER (b > 0), quantile_disc(b, [0.5, 0.9, 0.99]) FROM scores;
CREATE OR REPLACE TEMP TABLE chosen AS SELECT person, b FROM scores WHERE b > 0 ORDER BY hash(person) LIMIT 20000;
WITH changed AS (SELECT c.person, k.kind, x.change, c.b, c.b + x.change * coalesce(p.part, 0) AS c
  FROM chosen c CROSS JOIN (SELECT DISTINCT kind FROM parts WHERE kind <> 'Like') k CROSS JOIN (VALUES (0.5), (-0.5)) x(change)
  LEFT JOIN parts p ON p.person = c.person AND p.kind = k.kind),
ranked AS (SELECT kind, change, rank() OVER (PARTITION BY kind, change ORDER BY b) AS rb, rank() OVER (PARTITION BY kind, change ORDER BY c) AS rc FROM changed)
SELECT kind, change, corr(rb, rc), count(*) FILTER (rb > 18000 AND rc > 18000) FROM ranked GROUP BY ALL;

-- replies, first response, words and deeds
CREATE OR REPLACE TEMP TABLE made AS
SELECT r.person, r.brand, r.week, r.sec, r.reply_key, p.person AS to_person, p.brand AS to_brand, p.sec AS to_at
FROM base r LEFT JOIN (SELECT object_key, min(person) AS person, bool_or(brand) AS brand, min(sec) AS sec FROM base WHERE text GROUP BY ALL) p
 ON p.object_key = r.reply_key WHERE r.text AND r.reply_key IS NOT NULL AND (p.person IS NULL OR p.person <> r.person);
CREATE OR REPLACE TEMP TABLE opened AS
SELECT o.person, o.brand, o.week, o.sec, f.answer - o.sec AS wait FROM base o
LEFT JOIN (SELECT reply_key, min(sec) AS answer FROM made WHERE sec >= to_at GROUP BY ALL) f ON f.reply_key = o.object_key
WHERE o.text AND o.reply_key IS NULL;
SELECT week, brand, to_brand, count(*) FROM made GROUP BY ALL;
SELECT brand, to_brand, count(*) FROM made WHERE sec > $asof - 28 * 86400 GROUP BY ALL;
SELECT week, count(*) FILTER (brand) FROM opened GROUP BY ALL;
SELECT count(*), count(*) FILTER (there AND back) FROM (SELECT least(person, to_person), greatest(person, to_person),
 bool_or(person < to_person) AS there, bool_or(person > to_person) AS back FROM made WHERE sec > $asof - 90 * 86400 AND NOT brand AND NOT to_brand GROUP BY 1, 2);
SELECT week, count(*), quantile_disc(wait, [0.5, 0.9]), count(*) FILTER (wait IS NULL OR wait > 7 * 86400) FROM opened WHERE NOT brand GROUP BY ALL;
SELECT count(*), quantile_disc(wait, [0.5, 0.9]), count(*) FILTER (wait IS NULL OR wait > 7 * 86400) FROM opened WHERE NOT brand AND sec > $asof - 90 * 86400;
SELECT count(*) FILTER (wait IS NULL), count(*) FILTER (wait IS NULL AND sec < $asof - 7 * 86400) FROM opened WHERE NOT brand AND sec > $asof - 28 * 86400;
SELECT count(*), count(o.person) FROM (SELECT * FROM members WHERE last BETWEEN $asof - 118 * 86400 AND $asof - 90 * 86400) m
LEFT JOIN (SELECT DISTINCT person, sec FROM opened WHERE wait IS NULL) o ON o.person = m.person AND o.sec = m.last;
