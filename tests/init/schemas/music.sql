-- A music collection in the style of the sample databases: names in mixed case, NVARCHAR, junction tables, two tables
-- that refer to one another.
CREATE TABLE Artist (ArtistId INTEGER NOT NULL, Name NVARCHAR(120), CONSTRAINT PK_Artist PRIMARY KEY (ArtistId));
CREATE TABLE Album (
  AlbumId  INTEGER NOT NULL,
  Title    NVARCHAR(160) NOT NULL,
  ArtistId INTEGER NOT NULL,
  Released DATE,
  CONSTRAINT PK_Album PRIMARY KEY (AlbumId),
  FOREIGN KEY (ArtistId) REFERENCES Artist (ArtistId) ON DELETE NO ACTION ON UPDATE NO ACTION
);
CREATE TABLE Genre (GenreId INTEGER PRIMARY KEY NOT NULL, Name NVARCHAR(120) UNIQUE);
CREATE TABLE Track (
  TrackId      INTEGER NOT NULL PRIMARY KEY,
  Name         NVARCHAR(200) NOT NULL,
  AlbumId      INTEGER,
  GenreId      INTEGER,
  Composer     NVARCHAR(220),
  Milliseconds INTEGER NOT NULL,
  Bytes        INT,
  UnitPrice    NUMERIC(10,2) NOT NULL,
  FOREIGN KEY (AlbumId) REFERENCES Album (AlbumId),
  FOREIGN KEY (GenreId) REFERENCES genre
);
CREATE INDEX IFK_TrackAlbumId ON Track (AlbumId);
CREATE INDEX TrackName ON Track (lower(Name));
CREATE TABLE Playlist (PlaylistId INTEGER NOT NULL PRIMARY KEY, Name NVARCHAR(120), LeadTrackId INTEGER, OwnerId INTEGER,
  FOREIGN KEY (OwnerId) REFERENCES Listener (ListenerId) ON DELETE CASCADE,
  FOREIGN KEY (PlaylistId, LeadTrackId) REFERENCES PlaylistTrack (PlaylistId, TrackId));
CREATE TABLE PlaylistTrack (
  PlaylistId INTEGER NOT NULL REFERENCES Playlist (PlaylistId) ON DELETE CASCADE,
  TrackId    INTEGER NOT NULL REFERENCES Track (TrackId) ON DELETE CASCADE,
  AddedAt    TIMESTAMP,
  PRIMARY KEY (PlaylistId, TrackId)
);
CREATE TABLE Listener (ListenerId INTEGER PRIMARY KEY, Name TEXT NOT NULL, FavouritePlaylistId INTEGER,
  FOREIGN KEY (FavouritePlaylistId) REFERENCES Playlist (PlaylistId) ON DELETE SET NULL);
CREATE TABLE Play (ListenerId INTEGER NOT NULL, TrackId INTEGER NOT NULL, PlayedAt TEXT NOT NULL, Settings TEXT);

WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25)
INSERT INTO Artist SELECT i, CASE WHEN i % 8 THEN 'Artist ' || i ELSE NULL END FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50)
INSERT INTO Album SELECT i, 'Album ' || i, 1 + i % 25, CASE WHEN i % 3 THEN date('1970-01-01', i * 100 || ' days') END FROM n;
INSERT INTO Genre VALUES (1, 'Rock'), (2, 'Jazz'), (3, NULL), (4, 'Klezmer'), (5, NULL);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
INSERT INTO Track SELECT i, 'Track ' || i, CASE WHEN i % 9 THEN 1 + i % 50 END, 1 + i % 5,
  CASE WHEN i % 2 THEN 'Composer, ' || i % 13 END, 120000 + i * 777, CASE WHEN i % 4 THEN i * 100003 END,
  CASE WHEN i % 10 THEN 0.99 ELSE 2 END FROM n;
INSERT INTO Listener VALUES (1, 'Ada', 2), (2, 'Bob', NULL), (3, 'Çelik', 1);
INSERT INTO Playlist VALUES (1, 'Morning', 7, 1), (2, 'Evening', 8, 2), (3, 'Empty', NULL, NULL), (4, NULL, NULL, 3);
INSERT INTO PlaylistTrack SELECT p.PlaylistId, t.TrackId,
  CASE WHEN t.TrackId % 2 THEN datetime(1650000000 + t.TrackId, 'unixepoch') END
  FROM Playlist p JOIN Track t ON t.TrackId % 7 = p.PlaylistId % 7 OR (p.PlaylistId = 1 AND t.TrackId = 7) WHERE p.PlaylistId <> 3;
INSERT INTO Play SELECT 1 + TrackId % 3, TrackId, datetime(1660000000 + TrackId * 61, 'unixepoch'),
  CASE WHEN TrackId % 2 THEN '{"shuffle": true}' END FROM Track, (SELECT 1 UNION ALL SELECT 2) WHERE TrackId % 3 = 0;
