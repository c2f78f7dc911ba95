-- A database written by version 0.2.0: runs that were paused, one that is done, one that failed, a sweep; in the
-- table "expected" what that version recorded when it went on with them. unpacked() is lzma.decompress of base64.
BEGIN TRANSACTION;
CREATE TABLE expected (name TEXT, run TEXT, value TEXT);
INSERT INTO "expected" VALUES('waves','I1ebCQa9ThGB','{"losses": [0.4329386353492737, 0.4742845594882965], "continued": [0.44438260793685913, 0.4408668577671051, 0.4058682322502136, 0.4659966230392456], "update": 2, "snapshots": [0, 1, 2, 2]}');
INSERT INTO "expected" VALUES('letters','kLd5M4trvGWM','{"losses": [1.77044677734375, 1.7654062509536743], "continued": [1.760353684425354], "update": 2, "snapshots": [0, 1, 1, 2, 2]}');
INSERT INTO "expected" VALUES('table','z7Phw9UA0Sya','{"losses": [0.4387539029121399, 0.21052096784114838], "continued": [0.34125906229019165, 0.38813403248786926, 0.3194636404514313, 0.36546799540519714, 0.3549264371395111, 0.1941366344690323], "update": 2, "snapshots": [0, 1, 2, 2]}');
INSERT INTO "expected" VALUES('done','Z2CIvtDwfHXW','{"losses": [0.34417229890823364, 0.2857518792152405, 0.3156794011592865, 0.2868580222129822], "continued": [], "update": 4, "snapshots": [0, 1, 2, 2, 3, 4, 4]}');
INSERT INTO "expected" VALUES('failed','lE6fBdwbQEdw','{}');
INSERT INTO "expected" VALUES('sweep','JTj3BVygaT-p','{}');
INSERT INTO "expected" VALUES('processor','','"AVX512"');
CREATE TABLE history (
	run VARCHAR(40) NOT NULL, 
	revision INTEGER NOT NULL, 
	losses BLOB NOT NULL, 
	evaluations BLOB NOT NULL, 
	PRIMARY KEY (run, revision), 
	FOREIGN KEY(run) REFERENCES runs (id) ON DELETE CASCADE
);
INSERT INTO "history" VALUES('I1ebCQa9ThGB',0,X'22AADD3E6DD5F23E',unpacked('
/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4AB3AENdAABuBUAj4SE7pe+fVt124VJyXkJcxgdEabFy80gtOFy2agE/tbQ7O1iwEX9VW3R+jzU84MkjA5icFW
rVb1TuqrazOAAAAMWhN+3jPin/AAFfeL4Ne0MftvN9AQAAAAAEWVo='));
INSERT INTO "history" VALUES('kLd5M4trvGWM',0,X'009EE23FD5F8E13F',unpacked('
/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4AB3ACZdAABuBUAj6y17E+XUA8SSBFcPOuIW+mV21x10veA+PL6nqaAhEhoAAAAADZ3N1xzAN6sAAUJ4omEXvB
+2830BAAAAAARZWg=='));
INSERT INTO "history" VALUES('z7Phw9UA0Sya',0,X'5AA4E03ECF92573E',unpacked('
/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4AB3AExdAABuBUAjtHUDVMu/K7Kndg8E1jTCoAgJ0S6SuHPCxe/jVt5oi3Th+RCVk8zlDQF7fCgv7Q9RYX0uOR
wZRm+RgYzhP5jeqAyGphbWzAoAAxK5GB1nzGoAAWh4iq180x+2830BAAAAAARZWg=='));
INSERT INTO "history" VALUES('Z2CIvtDwfHXW',0,X'5A37B03E124E923EBBA0A13E0EDF923E',unpacked('
/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4ADHAGtdAABuBUAj4ya0FQ71wE3DYZWwwMlwbdUbHUmEl5RanxVL2DPcE4zhgIzzGiiO/tonb+PWMEpxGEe7wR
BWHjqCwaaTh5OupcM+hFpakQffxfkEn1x48Dqy1Jt5K2h8f7kX8zy2/88oKFIDWYq/AABtyaBPkyHykQABhwHIAQAA03W7T7HEZ/sCAAAAAARZWg=='));
CREATE TABLE machines (
	run VARCHAR(40) NOT NULL, 
	since INTEGER NOT NULL, 
	processor TEXT NOT NULL, 
	torch VARCHAR(100) NOT NULL, 
	numpy VARCHAR(100) NOT NULL, 
	version VARCHAR(100) NOT NULL, 
	PRIMARY KEY (run, since), 
	FOREIGN KEY(run) REFERENCES runs (id) ON DELETE CASCADE
);
INSERT INTO "machines" VALUES('I1ebCQa9ThGB',0,'x86_64 AVX512 SkylakeX','2.13.0+cpu','2.4.6','0.2.0');
INSERT INTO "machines" VALUES('kLd5M4trvGWM',0,'x86_64 AVX512 SkylakeX','2.13.0+cpu','2.4.6','0.2.0');
INSERT INTO "machines" VALUES('z7Phw9UA0Sya',0,'x86_64 AVX512 SkylakeX','2.13.0+cpu','2.4.6','0.2.0');
INSERT INTO "machines" VALUES('Z2CIvtDwfHXW',0,'x86_64 AVX512 SkylakeX','2.13.0+cpu','2.4.6','0.2.0');
CREATE TABLE runs (
	id VARCHAR(40) NOT NULL, 
	owner VARCHAR(200) NOT NULL, 
	spec TEXT NOT NULL, 
	status VARCHAR(20) NOT NULL, 
	outcome VARCHAR(20) NOT NULL, 
	reason TEXT, 
	created FLOAT NOT NULL, 
	touched FLOAT NOT NULL, 
	"update" INTEGER NOT NULL, 
	epoch FLOAT NOT NULL, 
	seconds FLOAT NOT NULL, 
	pace FLOAT, 
	revision INTEGER NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "runs" VALUES('I1ebCQa9ThGB','ada','{"data": {"horizon": 1, "length": 80, "noise": 0.0, "noise_seed": 0, "period": 25.0, "period2": 60.0, "scaler": "none", "steps": 5, "stride": 1, "target": "wave", "test": 0.1, "validation": 0.1, "wave": "sine"}, "model": {"cell": "lstm", "chrono": 0, "conv": 0, "embedding": 2, "encoding": "one-hot", "forget_bias": 1.0, "initial": "keras", "input_dense": 0, "layers": [{"dropout": 0.0, "hidden": 2}], "output": "last", "relu_head": 0}, "source": "waves", "train": {"batch": 32, "checkpoint": "", "clip_norm": 1.0, "epochs": 3, "keep_best": true, "lr": 0.005, "lr_changes": [], "optimizer": "adam", "patience": 0, "seed": 0, "shuffle": true, "stateful": "off", "target_score": 0.0}}','paused','training',NULL,1.79578754730670261388e+09,1.79578754834078311922e+09,2,1.0,0.5,NULL,1);
INSERT INTO "runs" VALUES('kLd5M4trvGWM','ada','{"data": {"cycle": true, "horizon": 1, "scaler": "none", "steps": 1, "stride": 1, "test": 0.1, "text": "abcabdabeabf", "validation": 0.1}, "model": {"cell": "lstm", "chrono": 0, "conv": 0, "embedding": 2, "encoding": "one-hot", "forget_bias": 1.0, "initial": "keras", "input_dense": 0, "layers": [{"dropout": 0.0, "hidden": 2}], "output": "last", "relu_head": 0}, "source": "letters", "train": {"batch": 32, "checkpoint": "", "clip_norm": 1.0, "epochs": 3, "keep_best": true, "lr": 0.005, "lr_changes": [], "optimizer": "adam", "patience": 0, "seed": 0, "shuffle": true, "stateful": "off", "target_score": 0.0}}','paused','training',NULL,1.79578754835477828982e+09,1.79578754836203718188e+09,2,2.0,0.5,NULL,1);
INSERT INTO "runs" VALUES('z7Phw9UA0Sya','ada','{"data": {"column": "x", "date": "", "digest": "dcd572891884795b8a643c104311697b", "features": ["x"], "horizon": 1, "missing": "drop", "scaler": "minmax", "steps": 4, "stride": 1, "test": 0.1, "validation": 0.1}, "model": {"cell": "lstm", "chrono": 0, "conv": 0, "embedding": 2, "encoding": "one-hot", "forget_bias": 1.0, "initial": "keras", "input_dense": 0, "layers": [{"dropout": 0.0, "hidden": 2}], "output": "last", "relu_head": 0}, "source": "table", "train": {"batch": 32, "checkpoint": "", "clip_norm": 1.0, "epochs": 4, "keep_best": true, "lr": 0.005, "lr_changes": [], "optimizer": "adam", "patience": 0, "seed": 0, "shuffle": true, "stateful": "off", "target_score": 0.0}}','paused','training',NULL,1.79578754836722397809e+09,1.79578754837440896039e+09,2,1.0,0.5,NULL,1);
INSERT INTO "runs" VALUES('Z2CIvtDwfHXW','ada','{"data": {"horizon": 1, "length": 80, "noise": 0.0, "noise_seed": 0, "period": 25.0, "period2": 60.0, "scaler": "none", "steps": 5, "stride": 1, "target": "wave", "test": 0.1, "validation": 0.1, "wave": "sine"}, "model": {"cell": "lstm", "chrono": 0, "conv": 0, "embedding": 2, "encoding": "one-hot", "forget_bias": 1.0, "initial": "keras", "input_dense": 0, "layers": [{"dropout": 0.0, "hidden": 2}], "output": "last", "relu_head": 0}, "source": "waves", "train": {"batch": 32, "checkpoint": "", "clip_norm": 1.0, "epochs": 2, "keep_best": true, "lr": 0.005, "lr_changes": [], "optimizer": "adam", "patience": 0, "seed": 3, "shuffle": true, "stateful": "off", "target_score": 0.0}}','done','done',NULL,1.79578754838295507429e+09,1.79578754839073157314e+09,4,2.0,0.5,NULL,1);
INSERT INTO "runs" VALUES('lE6fBdwbQEdw','ada','{"data": {"horizon": 1, "length": 80, "noise": 0.0, "noise_seed": 0, "period": 25.0, "period2": 60.0, "scaler": "none", "steps": 5, "stride": 1, "target": "wave", "test": 0.1, "validation": 0.1, "wave": "sine"}, "model": {"cell": "lstm", "chrono": 0, "conv": 0, "embedding": 2, "encoding": "one-hot", "forget_bias": 1.0, "initial": "keras", "input_dense": 0, "layers": [{"dropout": 0.0, "hidden": 2}], "output": "last", "relu_head": 0}, "source": "waves", "train": {"batch": 32, "checkpoint": "", "clip_norm": 1.0, "epochs": 3, "keep_best": true, "lr": 0.005, "lr_changes": [], "optimizer": "adam", "patience": 0, "seed": 0, "shuffle": true, "stateful": "off", "target_score": 0.0}}','failed','training','["{name} must be at most {high:g}.", {"name": "lr", "high": 10.0}]',1.79578754839555430411e+09,1.79578754839700245856e+09,0,0.0,0.0,NULL,1);
INSERT INTO "runs" VALUES('n9IEhq4OGlXe','sweep JTj3BVygaT-p','{"data": {"horizon": 1, "length": 80, "noise": 0.0, "noise_seed": 0, "period": 25.0, "period2": 60.0, "scaler": "none", "steps": 5, "stride": 1, "target": "wave", "test": 0.1, "validation": 0.1, "wave": "sine"}, "model": {"cell": "lstm", "chrono": 0, "conv": 0, "embedding": 2, "encoding": "one-hot", "forget_bias": 1.0, "initial": "keras", "input_dense": 0, "layers": [{"dropout": 0.0, "hidden": 2}], "output": "last", "relu_head": 0}, "source": "waves", "train": {"batch": 32, "checkpoint": "", "clip_norm": 1.0, "epochs": 3, "keep_best": true, "lr": 0.005, "lr_changes": [], "optimizer": "adam", "patience": 0, "seed": 0, "shuffle": true, "stateful": "off", "target_score": 0.0}}','queued','training',NULL,1.79578754840170192724e+09,1.79578754840164327623e+09,0,0.0,0.0,NULL,0);
CREATE TABLE snapshots (
	run VARCHAR(40) NOT NULL, 
	"update" INTEGER NOT NULL, 
	regular INTEGER NOT NULL, 
	best INTEGER NOT NULL, 
	weights BLOB NOT NULL, 
	PRIMARY KEY (run, "update"), 
	FOREIGN KEY(run) REFERENCES runs (id) ON DELETE CASCADE
);
INSERT INTO "snapshots" VALUES('I1ebCQa9ThGB',0,1,0,unpacked('
/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4ALFATJdAAgAhB6ZphNkk0h4LKzuRTxeuyA2aUK1lswr4ZcZN7ufS1ALGe8COAny9JqSBK68ACx7xTAkpcCqal
Paq5DZhX5iFjK14EwD+9cnMldUZGpYv3wEKATYho7iLlpxTb0R+sqAmj3r+mAiLjptdgIiRXbpkimnLEvQEMCCP6CcpnxL8r1OCpRDfhCcU2b6Lbv9ZVLo
BSlUUqf2Pr2Zz0w+MxPAt4LedE/XEuag0bH8/NdP4PTvzzpWhtJ1BBunP2hrXdTMoSAtO5KgiIRji6b8t5JOEvqtlJ9Fr7JAYN0v/ZT1X/BuHWVMtiobz7
YOQ8AvoHlte/MV/Rj+UJqdsLcqEpF2TAwRrRnN8RrfIxsO7oe/lru/D1LSiN9dUBgnQgnsttzdE5lAs5WGAb0vfs4m9nF3gAAAAA63Sc7xE5J/AAHOAsYF
AABIi5rHscRn+wIAAAAABFla'));
INSERT INTO "snapshots" VALUES('I1ebCQa9ThGB',1,1,0,unpacked('
/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4ALFAURdAAgAhB6ZphNkk0h4LKzuRTxeuyA2aUK1lswr4ZcZN7ufS1ALGe8COAny9JqSBK68ACx7xTAkpcCqal
Paq5DZhX5iFjK14EwD+9cnMldUZGpYv3wEKATYho7iLlpxTb0R+sqAmj3r+mAiLjptdgIiRXbpkimnLEvQEMCCP6CcpnxL8r1OCpRDfhCcU2b6Lbv9ZVLo
BSlUUqf2Pr2Zz0w+MxPAt4LedE/XEuag0bH8/NdP4PQk6k4pSTKiTiRIB8whJhwHAiDmXVRSeWKy/dwSD5tCEbgu1o6VDFf9nIIUEFCwWJkD+Q0fOaQDn9
6VUZxfvASHHsRGd0MaX+1JYsuCCDfng3kpuQ1KbKMmiL7+Br0BvgJ5O1Y5EYmBnID+UU2x3mMbUJoGEJBiaN6WS2wafDaeLQNAogLFcvPGnI6e63uEpidy
XwAmQnGPlB4rfgAB4ALGBQAADu88+rHEZ/sCAAAAAARZWg=='));
INSERT INTO "snapshots" VALUES('I1ebCQa9ThGB',2,1,1,unpacked('
/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4ALFAVNdAAgAhB6ZphNkk0h4LKzuRTxeuyA2aUK1lswr4ZcZN7ufS1ALGe8COAny9JqSBK68ACx7xTAkpcCqal
Paq5DZhX5iFjK14EwD+9cnMldUZGpYv3wEKATYho7iLlpxTb0R+sqAmj3r+mAiLjptdgIiRXbpkimnLEvQEMCCP6CcpnxL8r1OCpRDfhCcU2b6Lbv9ZVLo
BSlUUqf2Pr2Zz0w+MxPAt4LedE/XEuag0bH8/NdP4PTIIqPVifpEbVCKeeQnnKl0l3izqejAXdcilKof1lmz3eQRCOOvDxvpUkqc+1q6bUtIDSsLYloNW0
eRb3wLmpP7mvN/pGmbSugsSNY63eyzV1wfceaHkj0JvrWT5hjSRa0Nso23j3Rw6cdC7ZLMZ0BV/eZl6eFcWoHgQgbWmeQ0imPNeTXo817cv4FCclFS7GyB
W4C4p4Kg61hTd6Amh33bFAAAFcyLhBhdzeIAAe8CxgUAANtdaguxxGf7AgAAAAAEWVo='));
INSERT INTO "snapshots" VALUES('kLd5M4trvGWM',0,1,0,unpacked('
/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4AOpAf9dAAwAhB6ZphNkk0h4LKzuRTxeuyA2aUK1lswr4ZcZN7ufS1ALGe8COAny9JqSBK68HLpNAQrWdtgngN
NyqzRP1N20umaXvsF8nZ09xvuuW6iL23io60yL7tidtcifltK1qPJxOmeYD8gHc17VgiHm1NeE6LZVY51/xwW7CF7dhpZ/Zbtn3hN4WHGy1Eg0rsMPv9Uo
U7eeT4LdyQicA1B7ym61g4AIJB6Jg/1e6s2RrEAZZBNqpeE0utgTETsozjJTIpv5mNNIwN78PBMmA53+ryU1jxyjsKpNIQ7Xthal0BcZQV0urNtUWXJZ+i
bR0Uguzjp9I7Gol6l7X+oyzygWkfy5/6L91k6NOJlKEL2vJamJ0uf2d3bo7phAjCeJD92qx4CxhoAycgxa8NXLZ138qYjHekhVaOKs1J5dvW6leirFoU/s
MP1U/vlZu7V64ujHya1K+OL9JeJhnUbGkqmqRjFUV336Tmn2i2tBdrMcBHhHXZc+r8sKdo2e7N5Cg0N0pEg62JkhsR8pDANcwQkbfrNTNfcrMbix2K9EA4
3zhjFXW12z0UWCJsD/m7mW5McELSA2BsAG+QcUEyWxGaEpd1Cj2Cr6l2JVzmBOarm9/8BpSmFyCOhlDH2uyGeoFlOiqQhGP+gwCL3HN2dpv+CA/SYHcClT
OuRJhqcOU1auL4AAAOtCFzYxm21HAAGbBKoHAAB5e+1mscRn+wIAAAAABFla'));
INSERT INTO "snapshots" VALUES('kLd5M4trvGWM',1,1,0,unpacked('
/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4AOpAhhdAAwAhB6ZphNkk0h4LKzuRTxeuyA2aUK1lswr4ZcZN7ufS1ALGe8COAny9JqSBK68HLpNAQrWdtgngN
NyqzRP1N20umaXvsF8nZ09xvuuW6iL23io60yL7tidtcifltK1qPJxOmeYD8gHc17VgiHm1NeE6LZVY51/xwW7CF7dhpZ/Zbtn3hN4WHGy1Eg0rsMPv9Uo
U7eeT4LdyQicA1B7ym61g4AIJB6Jg/1e6s2RrEAZZBNqpeE6RS+0mLRTzHid51IRHBlzEUPUieK6ulBbP5Eia+rKX3njLpBwexeEtuKdLFt5knpfN5fHAc
j5JE7no8HSzksFJ6UrpufPKYKzm4jzqH7GmB2Kpn2tj7QqMwUmGcq6j0dtiOSyF0tJeGuqRocFL42acQvFIE6pL2NDOgPxSmx5S05y+oba16rb6Y8QLwO3
vXEtQ+SeUscvwK4a9pYx6REg479UGdiMJSLGPrKjevc7QLnAXaBdahjXVcLhKE75dg7QBgEzT9NCxnnQAlKvINyaaqKYfO56JvbqFoVn3PPrhJoRl0Ksx5
Y6+oyieG9WOjLU8mFyokz5Kt5Z+fWQbHYSRiPq/WQPAuNi27mTLayWeIu7ziNLDeeyngqmcYVbSKthYONAPhSP0Lv5pher8WQQzR0kFYp3sn1oXEMYaqnB
C9yVmvVs8JDUJeAj9XI8Z6bdWRHmsFZ40M/vivdYAR6xm6aAAPkNfWNa96afAAG0BKoHAACazBeQscRn+wIAAAAABFla'));
INSERT INTO "snapshots" VALUES('kLd5M4trvGWM',2,1,1,unpacked('
/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4AOpAiFdAAwAhB6ZphNkk0h4LKzuRTxeuyA2aUK1lswr4ZcZN7ufS1ALGe8COAny9JqSBK68HLpNAQrWdtgngN
NyqzRP1N20umaXvsF8nZ09xvuuW6iL23io60yL7tidtcifltK1qPJxOmeYD8gHc17VgiHm1NeE6LZVY51/xwW7CF7dhpZ/Zbtn3hN4WHGy1Eg0rsMPv9Uo
U7eeT4LdyQicA1B7ym61g4AIJB6Jg/1e6s2RrEAZZBNqpeGuZ4XlvP3V2rR39Y9Rr02JDdDCUukXLz/CVAqQoBMtxweHxwRdvLhcuFPpIdm8Pxkgz/FkZx
FFTy+yF4hTMJvEdl9sFDmqi7OScIHLyRnOhqk53XBQPOfT+2cNWq63gEMKhaR9GyOn1lErCsj1hSUHQJk0c61jIF2LyIYe+kRI2uFTaqCGXJGacT+Rh9LY
lx5mZ2ewsqauc58Ahf8aKNcQscRofEdnXNCIIhNQ6KsLJBrxyfOeFTaNTCZCzUh//Uy4i0dbYvy+R3OFArYamU2hNSxtrXGu+F1XOjVBQcLc0NsMSxkAQa
CxL9xx6UkyRWM2IhYCLyUFfRibXVrQ4iyJSpyJrHeFipV2eLDlIc7hyRnVeVUeEoQVf1CGzaBKU5Zyga/oyG9VnoJrbY2n5XU2EpRdES2QfUBvVMmBCUen
BtcSoiBb37oH3PbHNQKvorfofMrpxIA9Em6SMmU1qVrHLW5dXPELniCnFsjkAAAAADwwqhtCXRNAAAG9BKoHAABSnRi3scRn+wIAAAAABFla'));
INSERT INTO "snapshots" VALUES('z7Phw9UA0Sya',0,1,0,unpacked('
/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4ALFATJdAAgAhB6ZphNkk0h4LKzuRTxeuyA2aUK1lswr4ZcZN7ufS1ALGe8COAny9JqSBK68ACx7xTAkpcCqal
Paq5DZhX5iFjK14EwD+9cnMldUZGpYv3wEKATYho7iLlpxTb0R+sqAmj3r+mAiLjptdgIiRXbpkimnLEvQEMCCP6CcpnxL8r1OCpRDfhCcU2b6Lbv9ZVLo
BSlUUqf2Pr2Zz0w+MxPAt4LedE/XEuag0bH8/NdP4PTvzzpWhtJ1BBunP2hrXdTMoSAtO5KgiIRji6b8t5JOEvqtlJ9Fr7JAYN0v/ZT1X/BuHWVMtiobz7
YOQ8AvoHlte/MV/Rj+UJqdsLcqEpF2TAwRrRnN8RrfIxsO7oe/lru/D1LSiN9dUBgnQgnsttzdE5lAs5WGAb0vfs4m9nF3gAAAAA63Sc7xE5J/AAHOAsYF
AABIi5rHscRn+wIAAAAABFla'));
INSERT INTO "snapshots" VALUES('z7Phw9UA0Sya',1,1,0,unpacked('
/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4ALFAUZdAAgAhB6ZphNkk0h4LKzuRTxeuyA2aUK1lswr4ZcZN7ufS1ALGe8COAny9JqSBK68ACx7xTAkpcCqal
Paq5DZhX5iFjK14EwD+9cnMldUZGpYv3wEKATYho7iLlpxTb0R+sqAmj3r+mAiLjptdgIiRXbpkimnLEvQEMCCP6CcpnxL8r1OCpRDfhCcU2b6Lbv9ZVLo
BSlUUqf2Pr2Zz0w+MxPAt4LedE/XEuag0bH8/NdP4PQkJl4pSTKiTiRIB8whJg9ggiuziuf/jq3Vn19t7f4xN2hikwwMa1HXQtV41gAZ/pCmur5e7Tni3s
GH/iMSFqmAU+k7fpVrmijNU8skrnbAa5ncbrW9WBb+FpEgnSnr3e/0UhqCzpO0xzFuZCFZGad6fwYxCQ7NXl6QV8HhbWY/kohMv4qfC4o7KcW3qe+C85eU
4638AAAAWOFIb0PjyUIAAeICxgUAAAVO9LexxGf7AgAAAAAEWVo='));
INSERT INTO "snapshots" VALUES('z7Phw9UA0Sya',2,1,1,unpacked('
/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4ALFAVRdAAgAhB6ZphNkk0h4LKzuRTxeuyA2aUK1lswr4ZcZN7ufS1ALGe8COAny9JqSBK68ACx7xTAkpcCqal
Paq5DZhX5iFjK14EwD+9cnMldUZGpYv3wEKATYho7iLlpxTb0R+sqAmj3r+mAiLjptdgIiRXbpkimnLEvQEMCCP6CcpnxL8r1OCpRDfhCcU2b6Lbv9ZVLo
BSlUUqf2Pr2Zz0w+MxPAt4LedE/XEuag0bH8/NdP4PRH7/NwpvTQtddcrdDwAAUGt8EqVwqasI1lHaVfyAEL0Saihqtmq5qsYhHV980MXsUzsCpNlZ24nM
ybgT3Cm5inoBg/lBHltVQ3UbsW5sENCkTKbpOqesi3mI8MtCvX+M1DK3wGl2Q2P4PP2v1nKw8YcubrpPqacNrA3tHXNQlAevx6QWSyyQoHezVzF7e+6fii
I1SAq/w5sD0A63jdgmSVwMIAJc5p+82qJjgAAfACxgUAAJXt6vmxxGf7AgAAAAAEWVo='));
INSERT INTO "snapshots" VALUES('Z2CIvtDwfHXW',0,1,0,unpacked('
/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4ALFATFdAAgAhB6ZphNkk0h4LKzuRTxeuyA2aUK1lswr4ZcZN7ufS1ALGe8COAny9JqSBK68ACx7xTAkpcCqal
Paq5DZhX5iFjK14EwD+9cnMldUZGpYv3wEKATYho7iLlpxTb0R+sqAmj3r+mAiLjptdgIiRXbpkimnLEvQEMCCP6CcpnxL8r1OCpRDfhCcU2b6Lbv9ZVLo
BSlUUqf2Pr2Zz0w+MxPAt4LedE/XEuag0bH8/NdP4PTvz0Kpaew1U6FXTQF/+2ejmikYu/epGElAEnAXwebqDHY1TT8SDrg4Eln4zZnvOIVVF6dy3S9TMm
STmZ5N6Qw4Jct04zriwP7PHaYXdKGPjJpcYLRd1lZvY0H+8HgKH3iDLTwFgFbf4qdUV9XipVas1WRgVWRTkRXPtiBpwp5GAAAAAMC7BDRfipYJAAHNAsYF
AADm+Q5BscRn+wIAAAAABFla'));
INSERT INTO "snapshots" VALUES('Z2CIvtDwfHXW',1,1,0,unpacked('
/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4ALFAUldAAgAhB6ZphNkk0h4LKzuRTxeuyA2aUK1lswr4ZcZN7ufS1ALGe8COAny9JqSBK68ACx7xTAkpcCqal
Paq5DZhX5iFjK14EwD+9cnMldUZGpYv3wEKATYho7iLlpxTb0R+sqAmj3r+mAiLjptdgIiRXbpkimnLEvQEMCCP6CcpnxL8r1OCpRDfhCcU2b6Lbv9ZVLo
BSlUUqf2Pr2Zz0w+MxPAt4LedE/XEuag0bH8/NdP4PQkJl4pNrCSmVHMRrelpw0GlxQO0mHXOALXXBI+ia+5fFiLS0384xoM3j1dUaLSoPzzRP9MvZNIpW
XxX2viogLZji9+LuKawi0Jp+2anX0ucBu7Qcf7Ji0VEt7AgsVc9n8ofUdAgEoaGA8IW9e1mjfVvsDpXsee3RVuA/mBdXpb5LROXtwClrweYQTPx6WZ8XVF
d1ftqEdjAAAAADSWoMq8GgcKAAHlAsYFAAC9fvGqscRn+wIAAAAABFla'));
INSERT INTO "snapshots" VALUES('Z2CIvtDwfHXW',2,1,0,unpacked('
/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4ALFAVVdAAgAhB6ZphNkk0h4LKzuRTxeuyA2aUK1lswr4ZcZN7ufS1ALGe8COAny9JqSBK68ACx7xTAkpcCqal
Paq5DZhX5iFjK14EwD+9cnMldUZGpYv3wEKATYho7iLlpxTb0R+sqAmj3r+mAiLjptdgIiRXbpkimnLEvQEMCCP6CcpnxL8r1OCpRDfhCcU2b6Lbv9ZVLo
BSlUUqf2Pr2Zz0w+MxPAt4LedE/XEuag0bH8/NdP4PR3xvzbR9+UAiSL5tCm59JTG2CeQYpy5WnTxOc8nDjJC7NRWBRnCt3458Vnx3m6b+TtiAehR8+09/
z9sEklRGjXuShw0aq4Al16XBwQeQbjd39UzSKJRmXIVnc8sDO5IjKTL5kDz04aHPuZMrmjKKsfje96ZTbifyxERfXZsX6gIHnmv0oWgXBjkNI0eTM7JN1Z
mZZMl+XD4ewvVGwAmUppHbmlAAAAAEO7H4S10ToQAAHxAsYFAAAwPrYyscRn+wIAAAAABFla'));
INSERT INTO "snapshots" VALUES('Z2CIvtDwfHXW',3,1,0,unpacked('
/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4ALFAVddAAgAhB6ZphNkk0h4LKzuRTxeuyA2aUK1lswr4ZcZN7ufS1ALGe8COAny9JqSBK68ACx7xTAkpcCqal
Paq5DZhX5iFjK14EwD+9cnMldUZGpYv3wEKATYho7iLlpxTb0R+sqAmj3r+mAiLjptdgIiRXbpkimnLEvQEMCCP6CcpnxL8r1OCpRDfhCcU2b6Lbv9ZVLo
BSlUUqf2Pr2Zz0w+MxPAt4LedE/XEuag0bH8/NdP4PTCOTAefeJeP+ZiVyNGNRlD5zePh55NEwW1xhBSW0qXtgbo83NMGHPYbRrGgbyOESDylhzR8C/YPc
W8licccyCmP07PNyUhlTj473Lh7r0BufhsvZaDTo9l861ucqNw6IcrwzHhbbFAWvKoZZNvlnX3mo2BKcZdCRx52PXfbtw3v7UIHhi+IBnZctrTZ11loROG
tDhmHdSbUS1/7e2GzDvmU13cCkwAAHcOz97ylHyDAAHzAsYFAAA7n35/scRn+wIAAAAABFla'));
INSERT INTO "snapshots" VALUES('Z2CIvtDwfHXW',4,1,1,unpacked('
/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4ALFAVhdAAgAhB6ZphNkk0h4LKzuRTxeuyA2aUK1lswr4ZcZN7ufS1ALGe8COAny9JqSBK68ACx7xTAkpcCqal
Paq5DZhX5iFjK14EwD+9cnMldUZGpYv3wEKATYho7iLlpxTb0R+sqAmj3r+mAiLjptdgIiRXbpkimnLEvQEMCCP6CcpnxL8r1OCpRDfhCcU2b6Lbv9ZVLo
BSlUUqf2Pr2Zz0w+MxPAt4LedE/XEuag0bH8/NdP4PTG0AU1q+Lp/ZkWcvBNsqySn3QBt5yiqECdibqPXXa4UMNf3hUKAS7V5PA24aa6rHNS60YXMaaQRX
ozUv8Ax9egVksPHJWcary1lWKPb+x4+aroHfCbl/N5gR1zo76jCdu/lianP2WtTS9AAPQsyPgWnGfP++8c7WvWr0N+pX/XNgFbjTOetNp3ibFs7IFRX3XG
PYgRiFGbbl2bn3+LRUqRusFOokMgAC+8m136UOWfAAH0AsYFAACDr3tiscRn+wIAAAAABFla'));
CREATE TABLE states (
	run VARCHAR(40) NOT NULL, 
	state BLOB, 
	"view" BLOB, 
	PRIMARY KEY (run), 
	FOREIGN KEY(run) REFERENCES runs (id) ON DELETE CASCADE
);
INSERT INTO "states" VALUES('I1ebCQa9ThGB',unpacked('
/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4AsxA2pdAAgCHBSJJD4GMU4/KbpDXE69ndbZyX/9Aw2GaURFN1BnM067VjiGRBe3XI/ks0/t5r5tvN+EnR+ojn
RryBmHegwwVDtEE1QZpMLkuhuxhHupoTmTOGl10KH24wTbsW8jSf9S2RfYsgmwwXO8sOqcUAGAsNhqg8fbijU3XQ1W7zThQfVekkhErlHSBf9sdDVc4ZHj
/LkSYgxJuB+GGaN/V4qBpgIzQaaxj/K/gSjIw/tx3ck3Kj2M4+m6zf9CaeciZeApnBk5MIeX47ecB/obaiptwhq6e7RFIb02AtLD5Dogyqk0dvmUkoaUaa
omKLQBSp4fWGnZMwgYjaccnnvJqpUTo/rttC7BUMbzOiPirHAlm7BevUVt//Nvp2ltZVyVbxM8PX3YIsmwncP67ircC2TUNXJHVtPAaQxwWxL760T52+1H
TNuystwgvI9Tgogs649EGSm7NE3RoN0iMRkG7uBc3m6qGPFwzq5PZex4r5LukeMlFSlE6r9uBkJbBwC5t3ZqbEwcnDy6LcLfFBB9D0Ap8wcxPBGlU5bTN2
nMJZ/pF2PbjmUY7vExb9Mi+w8Haq8TWtDfnWxhSGESQ5tCugnHmdLL7+zjYNRHqwFlTTyyWBoU+d7Fcb6Y5XotA8u4Xk2QRXRG0bQgp6txQ9lkV+KdUm6G
GVMUvb7W9/Ev4CX8l4imTick0CMH/jfTmOWZf2+XM8OAEoZCSh1A56MOGWqKw37UnH3jA81HZLdgifUonJF7CCgFIgBaA9mZPmdO7qrZoAhrSSK/1u7/W2
S0BzP5/WzabzAaqjtClW+8xUA5picuQ6Y0DHB6FYz/f3fGnymwVypxkkyBQ8OnaNsd7MC0hB9PFe7t4u7QuLkTaWzOAVEi28LX00KnBsEa7hgifN2QSj6D
14YaY490KEoketMSCSxIOrDahT5FmYg9I9eSXbYMfCua+UJ7EPYVlz8cNeO0ApetiSO2wAUuO3XJwpcRJWi/UHfx8tIpVFiIGIMGuyb9M/4NWjiQM5qHQ0
XftWf5iYEcfFs4fys4iJxEP2SiChO0tXRPPPDp9SS7JGpvlLwbgRCxJ3SEZXDwvqt9GmOrt3bmsIjM5+FOstK+N6fpoKn5F8NMHot0rfcLYx/7BcptCRRr
t65Hwzxv6f6uT6b5kcBWlD76MyIAAAD48TAMhH8gqAABhgeyFgAA26ZMFrHEZ/sCAAAAAARZWg=='),unpacked('
/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4ADcAJxdAEQAMQ9iIwnbGgEX8dVdeiQbLmpFbL5AiMWYYKSGBEeeE79GKn3xW9MSVwHeZPGb3X0U9bXjhN6amZ
x4XihkF4jFnOrts5BXI6zFIYKovr3TTLkGX2wS3bKhk9xxQYr2VromC++xH410crYtlPqYZe4xs6sSoMv2OftHBDwVrRsRXsQ6MhQN6OygFq96hXLvyk5V
4MMELDKLGp3SAABP/alWph2flQABuAHdAQAABmdQ3bHEZ/sCAAAAAARZWg=='));
INSERT INTO "states" VALUES('kLd5M4trvGWM',unpacked('
/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4A6xBRVdABAB/BszgXBUtnni5piGLSjK09Teawi3Zi96SLIFOrhz3M3oFTah+N1cmxWqJD1iYK7P8N2IGuryKP
6coDUTJbDBXqGHX7XT+ckZx/DgtPyyxCu/238kkIe7rAuq+yJnZkMSJZwLyKBtStWAejZ6k89foQf8wt7jU0YM5llBmDlasTuJZVSWJ2WF5s+taJuiJ096
RjeB7fhD5M1e2d7RDmoFOztKgUIlT/W/as7H+hHpO1258eY8SGNKY6tQHyUjJ/ehTBrihIYq/mZpjZKx5o9JBY+9WSmpUbyceuF+gIwm6+MpLYROnmGGRX
+rpGVrnrXXxzIjxhgOAu4Jf6noJWVD039/lCL8gC2TaQyaXHmF5OCyhSap4M3ZhDbLhGSr0odjgK90SxjxkLQ8nGeF0QQMsYmvY7JOFlZqnilZGghWJrQk
l1LrcwYCD+rjxJA05eDuAxMAZwnpVv7ar49dKxg6CAgbcSPh2NVzIYNbD03/YSv1VqAOFkfxsZbU0L1vZ7UQaHtAyhLQ+3lLl6QP0w7LcFwP9oJhf9oGU2
XivUHiXVR2O+k3Wq5bW+al6WxL1Crga3eiu/EjolAeWHSsFrQaZQBTsUc5CoDfSxEI/Zv0GnijL5NpnxA7VI6TjQHmYDzOorV7+xKux6A/4rKPOCWykUT2
+MS+qtqUtilQo87WK/nEats7utll86CItDTHEEeoYmZTRzSFMk06im9V5lTbc+MMrZtUYomI6hL16bwdp1zV4dfvnVqdJsp91KuZhG6elhVV/L6czV3ck4
FAvlLI+hS6SKyOBZ/DJ3TNFUTq1fj7wi85ipkaWz709AFXW0xJJYib5rIWc8BCu/XBwUQy9VRE2J1EqSSF4bqKGrodJULzTp0S8rbaeccRU0GtPv1hTGSz
eVGGrn2TyItQmhuTH2yG2h/Xi4vEdy4yD12Y31ORNehSEi37w0ssmI7uzesx1gmS7FnRCEvN7Zg1G1vglwQjCi6orX/VncD66H4Vrm9GH0Rwxs8FSD5cGK
h1MhcomGfDBovCapjm8zGcUwfeyPp/oI8WrAedxlkNWYolt6O+kLB+rvBRXoic1arFxgdEMr0m8iuIiszywYsIdXOrUwyDzjxgzKZKqsE2/TlGmqfgItfF
6VAdg63uKOlwG+c9djOXE+NjahazbkE8iYQiTzPb/4BFWt/ZBpNWQd4zvSLpsNp584oOON6y24OZhx5HusrglXzRmSG/P4WSGw6Vv0+4WloXRktsUdotQy
zpXkK15/6q2LiZ5wHxtqVCiaAL/e+9P67lm0+rvNJNQs9vOfdnHNn8o+ZKMFPphDeiUa2ebhb520uWFVdpqjcPBuq/CZew8BUR4JeJoQGtwI2SnA8JfvON
i4Ydx3izGc1STMbDoS67zOZCSABYjjWA/fVtV0jnDq1Uy77kjEjIytg4X0cwmCT+W1dYfkz0gqYDC24SNgetpXsmB8XuGrr9+M0PQMtj6mNDK6W3frrvse
Z9uFxH9uzqQ4HwKAmC+/cS3KQhioH+lC8ocMQSOR/MXU9Lv8epbClG3zGZ28jFQLElNjTNjjawLPgQIT0g4qGiM6+w0j26ysFdgFyatfMBrtWvsb8UaRkl
Pi86SbtAs3d+0vqu3OxQxclcv2X/KfNQ6JVpx1TsxHkbWHOmr/0nE9Y8PxDi9HFl1Q0FrmQYekifhRrNsYv0DVsyVuU4/u6VlZ31aVvvuCRE1ZGN1sZfLX
7LygCgAAAAAChFMNY8tggtAAGxCrIdAACeuvb7scRn+wIAAAAABFla'),X'40000000000000007B226661637473223A7B226474797065223A225538222C227368617065223A5B31335D2C22646174615F6F666673657473223A5B302C31335D7D7D20202020207B22757064617465223A20327D');
INSERT INTO "states" VALUES('z7Phw9UA0Sya',unpacked('
/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4AszA2pdAAgCHBSJJD4GMU4/KbpDXE69ndbZyX/9Aw2GaURFN1BnM067VjiGRBe3XI/ks0/t5r5tvN+EnR+ojn
RryBmHegwwVDtEE1QZpMLkuhuxhHupoTmTOGl10KH24wTbsW8jSf9S2RfYsgmwwXO8sOqcUAGAsNhqg8fbijU3XQ1W7zThQfVekkhErlHSBf9sdDVc4ZHj
/LkSYgxJuB+GGaN/V4qBpgIzQaaxj/K/gSjIw/tx3ck3Kj2M4+m6zf9CaeciZeApnBk5MIeX47ecB/obaiptwhq6e7RFIb02AtLD5Dogyqk0dvmUkoaUaa
omKLQBSp4fWGnZMwgYjaccnnvJqpUTo/rttC7BUMbzOiPirHAlm7BevUVt//Nvp2ltZVyVbxM8PX3YIsmwncP67ircC2TUNXJHVtPAaQxwWxL760T52+1H
TNuystwhJ3O5FP3jR/yG05fTh3O57PhgKTizixIP41MojGEGf1gO116lPQ0K35F/J4CeCdcrV2UJ8ekkqFEiYScg6b0+jVHDhTFF/ixWqFerv15Q1pF48G
wdBbBD/Jvz/aGTfIat0mNUyVM2gYJkDjOWbi8DsbOoZFx43W0Rr7XSe9bTBxK+a4R5hH57E5FuP+f6Dq37T5HicsNdSolf/L7hH9vlnopJOfdBeTFX2OLd
NoY7cLYeyRXwyYVY5Nol1VeYEkkF8otKSAqjMDgM/ehvKgHLswZCu3+2zMKrHoV6tjrxEDgD+1mdSmFu9QSPJsiHfgbLboGuJxfCkrU+kUJbCXd/kYsiCs
x2McZEK3EuRKix9EutJmmxTIFGG/N0Z+HgxJfDYRs2h00edL97q/g31OG1n4ce0ZnxrnKh/9hwxDxwcRmJrGKLUC25hnMUYZdw1COkCmaGEQEKAjlHOIzS
C9L0SkKVee49D1xsw923zJ+S67h4g1+y6N2fK/diPYXMfm16+5dMydYETm7i3ZuTTBwZkjyp3raIKztg/W+VGULmTDaxXI6lgbmM32D7uZrp0xpGS2Vf92
/4vyMY9TQwHXMDbbJYOcAixPsCKN2l0+ltyeBIrtIHx6iG9fkHbToMktV9+5qpEMuhHTUy6zTOewZQpsDoTFqSONUBk29yjUu598ok7nDFWY76I9+JB3To
FW9uVGB7kETRGRl/m85hU1mMfQAAAAAXPt3ZEejpZgABhge0FgAAB/knM7HEZ/sCAAAAAARZWg=='),unpacked('
/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4ADMAJ9dAEQAMQ9iIwnbGgEX8dVdeiQbLmpFbL5AiMWYYKSGBEeeE79GKn3xW9MSVwHeZPGbnXyosso2N4UemW
zWsWVqC3RUbzaa341qDwcBTGRS38SA58QUMRvkdESBVEAcLaMa/t9/5gvnL6fuN2WznacwJkbjYi51EF8PMce51M6QSFb7H7VnKJYq8NtM/81tlTWc+6OA
nhMXqkxY69u0UTt6hgAA8JoEfhOreToAAbsBzQEAADdC3QuxxGf7AgAAAAAEWVo='));
INSERT INTO "states" VALUES('Z2CIvtDwfHXW',unpacked('
/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4AstA2ldAAgCHBSJJD4GMU4/KbpDXE69ndbZyX/9Aw2GaURFN1BnM067VjiGRBe3XI/ks0/t5r5tvN+EnR+ojn
RryBmHegwwVDtEE1QZpMLkuhuxhHupoTmTOGl10KH24wTbsW8jSf9S2RfYsgmwwXO8sOqcUAGAsNhqg8fbijU3XQ1W7zThQfVekkhErlHSBf9sdDVc4ZHj
/LkSYgxJuB+GGaN/V4qBpgIzQaaxj/K/gSjIw/tx3ck3Kj2M4+m6zf9CaeciZeApnBk5MIeX47ecB/obaiptwhq6e7RFIb02AtLD5Dogyqk0dvmUkoaUaa
omKLQBSp4fWGnZMwgYjaccnnvJqpUTo/rttC7BUMbzOiPirHAlm7BevUVt//Nvp2ltZVyVbxM8PX3YIsmwncP67ircC2TUNXJHVtPAaQxwWxL760T52+1H
TNuystwmL/VSLvRzDBPu2X0ALkSELw5c0tD4u28S5RKolLfZPKmDc2RSxapO4s5bCMDH7bYrfDCCBlVlZaZnqh4u0zaBAJVANAMlYABh8qezmx/0b+ZRs4
YrK3rFQ+lfsTiQu+DkzlKi6aC2iWi1/Yuflgr34kgyWBc/d1g8lXqYdA62X1BmuvBh8aC5x9b5/faHeVYJON780kafyP+g56Ke4RXnktydHz2oLM0V9Gn/
oSHHqWh9US9dF4ecivEt9JVTZTWupRFpUi/YywpMevnaX32Jryfy5BYrhmvaMnd9doQrgUSDYz6M6HT73i+93VFVSB0+f9xsOjIEKNvs1/EV7dNFyxaPY0
HDN8gJJL/U0jI49SNDUbEGfXKjgN7SrKYdvPDVbgzSEe7uJTJXzA6TH2z9TQIZx3+sPdxKA9MgHnZcJJCNGg7pUBx9zUiQUoH7rpG7vzheLcEbQ8Amq8Cl
vsCXpnJm1ExzGcvKnfh5Q/7+Ztf3ay+bXWGCnp4oLvJs2m369nKrW+O5P/CpnjoKPSD7gkJr2ot/fYQZt6tdNFe1Tv+3N3YuzTggBQaL4L0XJR5/JHXLJ+
DfrN0cOEDjoXj+d9kiBkPHoAyKf7IULVZ13tQ77Bhz1tBnquiqzPtlMKX9gtHgK8Lgx61shWiwvpev79vOChTLKPhFQketP4afdexbXbxXJ3tobMX0NsB6
5UM5mVS5ezsZqttLnEuRm3dmvQAAAABnwd5Iw6wU4AABhQeuFgAAUjwXirHEZ/sCAAAAAARZWg=='),unpacked('
/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4ADcAJ5dAEQAMQ9iIwnbGgEX8dVdeiQbLmpFbL5AiMWYYKSGBEeeE79GKn3xW9MSVwHeZPGb3X0U9bXjhN6amZ
x4XihkF4jFnOrts5BXI6zFIYKovr3TTLkGX2wS3bKhk9xxQYr2VronGE2+M7lS4BFjucPnp+fT1xgux37u9tWIMz1K96gIZ5JdD1lmNzXCIgZbAmIlTDKE
tdOKVzFDD4cAcyfcAAAAKoARs7YJ3x8AAboB3QEAAA3GmJCxxGf7AgAAAAAEWVo='));
INSERT INTO "states" VALUES('lE6fBdwbQEdw',NULL,NULL);
INSERT INTO "states" VALUES('n9IEhq4OGlXe',NULL,NULL);
CREATE TABLE sweep_runs (
	sweep VARCHAR(40) NOT NULL, 
	number INTEGER NOT NULL, 
	updates INTEGER NOT NULL, 
	parameters INTEGER NOT NULL, 
	run VARCHAR(40), 
	status VARCHAR(20), 
	outcome VARCHAR(20), 
	error FLOAT, 
	seconds FLOAT, 
	PRIMARY KEY (sweep, number), 
	FOREIGN KEY(sweep) REFERENCES sweeps (id) ON DELETE CASCADE, 
	FOREIGN KEY(run) REFERENCES runs (id)
);
INSERT INTO "sweep_runs" VALUES('JTj3BVygaT-p',0,30,40,'n9IEhq4OGlXe','done','done',0.25,0.0);
INSERT INTO "sweep_runs" VALUES('JTj3BVygaT-p',1,30,40,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE sweeps (
	id VARCHAR(40) NOT NULL, 
	owner VARCHAR(200) NOT NULL, 
	spec TEXT NOT NULL, 
	status VARCHAR(20) NOT NULL, 
	created FLOAT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "sweeps" VALUES('JTj3BVygaT-p','ada','{"base": {"data": {"horizon": 1, "length": 80, "noise": 0.0, "noise_seed": 0, "period": 25.0, "period2": 60.0, "scaler": "none", "steps": 5, "stride": 1, "target": "wave", "test": 0.1, "validation": 0.1, "wave": "sine"}, "model": {"cell": "lstm", "chrono": 0, "conv": 0, "embedding": 2, "encoding": "one-hot", "forget_bias": 1.0, "initial": "keras", "input_dense": 0, "layers": [{"dropout": 0.0, "hidden": 2}], "output": "last", "relu_head": 0}, "source": "waves", "train": {"batch": 32, "checkpoint": "", "clip_norm": 1.0, "epochs": 3, "keep_best": true, "lr": 0.005, "lr_changes": [], "optimizer": "adam", "patience": 0, "seed": 0, "shuffle": true, "stateful": "off", "target_score": 0.0}}, "seeds": 1, "axes": [["hidden", [2, 3]]]}','running',1.79578754839800596235e+09);
CREATE TABLE tables (
	digest VARCHAR(100) NOT NULL, 
	name TEXT NOT NULL, 
	series BLOB NOT NULL, 
	created FLOAT NOT NULL, 
	PRIMARY KEY (digest)
);
INSERT INTO "tables" VALUES('dcd572891884795b8a643c104311697b','sine.csv',unpacked('
/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4ATZAs1dAGQAMQ9iIwnbGgEX8ZC0FBGHUVsBINBbj3KnCYdgkknqwJgDOU7yfLyRg1fs+rWEGgJi26ennqzeP6
yy0XOhLYo4bOTQxOfCHcG0ePr2XAYAJHlcIKbZH00DIoF+fmbZ8YmoLRqZRvQUhbqFvE303Fj092786iEFCqN8Whs0G+8NoyQcS2yTvBS95ZoE197BbS+E
oG5YXc5SDQpOzGNwzy79XjoVGAyxG278fOk8ygMX/dLsuXJ9YfOe8RgUGx6fYXdewfdhZJEPu4xI9/4p2kPYUJfFuXpwOTaikb2p3GXWmPl89O8LDjEziD
PxjVYBJDOvPgI78zmBjZCkGTOhmUYjliJnVOIxg8DYmDooyrDHILdQoeYQ+WvrFLRQRERd4HXKuBubzv+KHwfqS7JyfoI0Wn+d9U0wrbXAw+EfqureWvGP
y5aXf+dL2jHBaBEZs9Fie4dpvXqel9mYy5u7Ntu8hi8SojMwG2yW4fuISBYGcAv/li37QX5k+LqDcOETvH/0Ervc0yjnQ6673gs1kCbGE5mG1IlXH8NglC
Q+F/yYEZ/k5MudCgae03c2edZjCbSqzJEi93G4trZpQGksi2pX/kFnKkUYTBNekH3WSjpYzA655xOFCLFRpXkuTO6+UuyYh83hmH5VLByiQYc5/mZOk8f4
311CuzSdnty/DKKCWeEWx7I+pAFI1sHm/dc020wlRfwgf/57qw1VUh1yvJA4ndj6cb+BMwungtxeDYx39+nnDPof9KuD1GGlz8JaSvFa3CvYzYJIp0Zz7d
M1hgbc/jn5uwW6ZlDbsBhh6drbQCPXNQ9j2SrOOIcL/HpDZNioNsYRTjFqop7V54hsjIhlkLYyQQzhQ3sjQQUzepO44ehhb8MMyL58HJCT6r9jJClskSj6
9i5AIrE1NDonhEu1rwryn9kj4W9nhCaEniwQGf3Tg6DdmaYP+fBQ4AAAAAAMTOHlB2x/XwAB6QXaCQAAlXPGfLHEZ/sCAAAAAARZWg=='),1.7957875472924563885e+09);
CREATE INDEX runs_of_owner ON runs (owner, created);
CREATE INDEX runs_in_use ON runs (owner, touched, status, id);
CREATE INDEX sweeps_of_owner ON sweeps (owner, created);
CREATE INDEX sweep_runs_by_run ON sweep_runs (run);
COMMIT;
