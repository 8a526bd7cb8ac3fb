"""The people of released institutions as JSON: OneRoster 1.2, rostering service, for reading.

The door is `answer.answer`. It asks nobody who the caller is: what they may read comes in as one `Release` for each
institution, and nothing that is not in these releases can be reached, by a collection, an id, a filter or a reference.

| OneRoster | here |
|---|---|
| org | a released institution; its municipality as the district above it (`places`) |
| academicSession | a school year that a released institution is in (`terms`) |
| course | all classes of one type of an institution, so that a class has one to refer to (`terms`) |
| class | a group of now that somebody is in (`classes`) |
| enrollment | a membership's place in one group (`classes`) |
| user | who belongs to a released institution now, and contact persons where these are agreed (`people`) |
| demographics | date of birth and sex, where these are agreed (`demographics`) |

What a name of here becomes there (roles, types of groups) stands in `mapping`. Nothing that ended is told, not even as
`tobedeleted`: what is no longer in the answer is gone. Telephone numbers, addresses and CPR numbers have no place in
any of it, and no `metadata` is made to hold them.
"""
