"""A roster small enough to read: one school, one term, Ms. Ortiz teaching Ines, whose mother is Rosa."""

import io
import zipfile

MANIFEST = """propertyName,value
manifest.version,1.0
oneroster.version,1.1
file.orgs,bulk
file.academicSessions,bulk
file.courses,bulk
file.classes,bulk
file.users,bulk
file.demographics,bulk
file.enrollments,bulk
source.systemName,Riverside SIS
"""

FILES = {
    "manifest.csv": MANIFEST,
    "orgs.csv": "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n"
    "d1,,,Riverside,district,,\n"
    "s1,,,River School,school,R-1,d1\n",
    "academicSessions.csv": "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,"
    "schoolYear\n"
    "y1,,,2020,schoolYear,2019-09-01,2020-07-16,,2020\n"
    "t1,,,Fall,term,2019-09-01,2019-12-19,y1,2020\n",
    "courses.csv": "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,"
    "subjects,subjectCodes\n"
    "k1,,,y1,Mathematics,MA6,06,s1,Mathematics,02030\n",
    "classes.csv": "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,"
    "schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods\n"
    'c1,,,Mathematics 6,06,k1,"MA6,a",scheduled,Room 4,s1,t1,Mathematics,02030,"1,2"\n',
    "users.csv": "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,"
    "familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password\n"
    "u1,,,true,s1,teacher,mortiz,,Marta,Ortiz,,,ortiz@river.example,,,,,secret\n"
    "u2,,,true,s1,student,ines,,Ines,Vega,,77,,,,u3,06,\n"
    "u3,,,false,s1,parent,,,Rosa,Vega,,,rosa@home.example,,,,,\n",
    "demographics.csv": "sourcedId,status,dateLastModified,birthDate,sex\nu2,,,2008-02-29,female\n",
    "enrollments.csv": "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,"
    "beginDate,endDate\n"
    "e1,,,c1,s1,u1,teacher,true,,\n"
    "e2,,,c1,s1,u2,student,false,2019-09-03,2019-12-19\n",
}

ROLES_1P2 = (
    "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId\n"
    "r1,,,u1,primary,teacher,,,s1,\n"
    "r2,,,u2,primary,student,,,s1,\n"
    "r3,,,u3,primary,parent,,,s1,\n"
)


def zipped(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def changed(name: str, old: str, new: str) -> bytes:
    """The roster with one thing in one of its files written otherwise."""
    assert old in FILES[name]
    return zipped({**FILES, name: FILES[name].replace(old, new)})


def with_files(**contents: str | bytes | None) -> bytes:
    """The roster with whole files put in their place, or left out (None)."""
    files = {**FILES, **{name + ".csv": content for name, content in contents.items()}}
    return zipped({name: content for name, content in files.items() if content is not None})


def roster_1p2(**contents: str | bytes | None) -> bytes:
    users = FILES["users.csv"].replace("orgSourcedIds,role,", "").replace("true,s1,teacher,", "true,")
    users = users.replace("true,s1,student,", "true,").replace("false,s1,parent,", "false,")
    manifest = MANIFEST.replace("1.1", "1.2") + "file.roles,bulk\n"
    return with_files(**{"manifest": manifest, "users": users, "roles": ROLES_1P2, **contents})
