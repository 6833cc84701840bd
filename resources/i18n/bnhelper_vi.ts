<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="vi_VN">
<context>
    <name>App</name>
    <message>
        <location filename="../../ui/app.py" line="185"/>
        <source>%1 photo files are missing on this machine.</source>
        <extracomment>the runner&apos;s plain calls arrive here from its own thread</extracomment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/app.py" line="186"/>
        <source>Open the dossiers that show it, and add them again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Badge</name>
    <message>
        <location filename="../../ui/frame/badge.py" line="31"/>
        <source>%1 could not be sent · sending %2 more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/frame/badge.py" line="34"/>
        <source>%1 could not be sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/frame/badge.py" line="36"/>
        <source>Sending %1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/frame/badge.py" line="40"/>
        <source>%1 dossiers waiting for %2 days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/frame/badge.py" line="43"/>
        <source>Offline · %1 waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/frame/badge.py" line="45"/>
        <source>Offline · all sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/frame/badge.py" line="47"/>
        <source>%1 waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/frame/badge.py" line="49"/>
        <source>Checking with the province…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/frame/badge.py" line="51"/>
        <source>All sent · %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/frame/badge.py" line="54"/>
        <source>No province yet · %1 on this machine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/frame/badge.py" line="57"/>
        <source>PRACTICE · nothing is sent</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CaseQuestionScreen</name>
    <message>
        <location filename="../../ui/screens/case_question.py" line="76"/>
        <source>Question %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/case_question.py" line="78"/>
        <source>Question %1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/case_question.py" line="82"/>
        <source>There is 1 thing to check</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/case_question.py" line="100"/>
        <source>Why we ask: the answer decides which papers your family needs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/case_question.py" line="106"/>
        <source>Previous question</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/case_question.py" line="106"/>
        <source>Procedure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/case_question.py" line="111"/>
        <source>Skip, show the full list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/case_question.py" line="117"/>
        <source>Continue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/case_question.py" line="126"/>
        <source>Your list so far</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/case_question.py" line="140"/>
        <source>No papers so far.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/case_question.py" line="141"/>
        <source>%1 papers · %2 questions left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/case_question.py" line="157"/>
        <source>Choose an answer; “Not sure” is one too.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CheckAnswersScreen</name>
    <message>
        <location filename="../../ui/screens/check_answers.py" line="26"/>
        <location filename="../../ui/screens/check_answers.py" line="34"/>
        <source>Check before locking</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/check_answers.py" line="52"/>
        <location filename="../../ui/screens/check_answers.py" line="70"/>
        <source>Change</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/check_answers.py" line="60"/>
        <source>Papers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/check_answers.py" line="63"/>
        <source>%1 files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/check_answers.py" line="64"/>
        <source>shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/check_answers.py" line="66"/>
        <source>nothing yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/check_answers.py" line="77"/>
        <source>After locking it stays on this machine, waiting, and is sent when there is a network. Until then it can be unlocked again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/check_answers.py" line="83"/>
        <source>Lock and send</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/check_answers.py" line="83"/>
        <source>Lock the dossier</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/check_answers.py" line="85"/>
        <source>Lock the supplement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/check_answers.py" line="86"/>
        <source>Sections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/check_answers.py" line="101"/>
        <source>%1 required things are missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/check_answers.py" line="130"/>
        <source>%1 things worth a look; you can still lock</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/check_answers.py" line="131"/>
        <source>No file yet: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/check_answers.py" line="137"/>
        <source>Left blank</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ChecklistScreen</name>
    <message>
        <location filename="../../ui/screens/checklist.py" line="51"/>
        <source>Full list of papers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/checklist.py" line="51"/>
        <source>Papers needed in your case</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/checklist.py" line="57"/>
        <source>No officer has reviewed these conditions yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/checklist.py" line="58"/>
        <source>Check the list with the one-stop desk before you send anybody away.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/checklist.py" line="63"/>
        <source>By these answers the family is not entitled.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/checklist.py" line="63"/>
        <source>The office decides.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/checklist.py" line="74"/>
        <source>No papers are needed in this case.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/checklist.py" line="74"/>
        <source>Just come with the ID card.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/checklist.py" line="77"/>
        <source>You may also need</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/checklist.py" line="83"/>
        <source>No information yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/checklist.py" line="87"/>
        <source>Where</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/checklist.py" line="88"/>
        <source>Fee</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/checklist.py" line="89"/>
        <source>Time limit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/checklist.py" line="94"/>
        <source>Print</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/checklist.py" line="97"/>
        <source>Change answers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/checklist.py" line="100"/>
        <location filename="../../ui/screens/checklist.py" line="157"/>
        <source>QR code</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/checklist.py" line="102"/>
        <source>Start the dossier</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/checklist.py" line="119"/>
        <source>must be certified</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/checklist.py" line="120"/>
        <source>perhaps certified</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/checklist.py" line="130"/>
        <source>To be filled in on paper or on the portal, not on this machine.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/checklist.py" line="140"/>
        <source>You have %1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/checklist.py" line="159"/>
        <source>The list itself, as text. No network and no personal data.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/checklist.py" line="160"/>
        <source>QR code of the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/checklist.py" line="161"/>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ConsentScreen</name>
    <message>
        <location filename="../../ui/screens/consent.py" line="32"/>
        <source>Do you agree?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/consent.py" line="35"/>
        <source>What we keep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/consent.py" line="36"/>
        <source>What for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/consent.py" line="37"/>
        <source>Who sees it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/consent.py" line="38"/>
        <source>Where and for how long</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/consent.py" line="39"/>
        <source>You have the right to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/consent.py" line="44"/>
        <source>Who answers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/consent.py" line="47"/>
        <source>The person</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/consent.py" line="48"/>
        <source>A representative</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/consent.py" line="49"/>
        <source>Read out to the person, who agreed by voice or thumbprint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/consent.py" line="58"/>
        <location filename="../../ui/screens/consent.py" line="59"/>
        <source>Name of the representative</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/consent.py" line="65"/>
        <source>Saying no, you still get guidance and the printed list of papers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/consent.py" line="67"/>
        <source>I do not agree</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/consent.py" line="69"/>
        <source>Back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/consent.py" line="69"/>
        <source>I agree</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/consent.py" line="84"/>
        <source>%1, do you agree?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/consent.py" line="99"/>
        <source>Choose who answers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/consent.py" line="99"/>
        <source>Enter the representative&apos;s name</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DossierListScreen</name>
    <message>
        <location filename="../../ui/screens/dossier_list.py" line="32"/>
        <source>Dossiers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_list.py" line="37"/>
        <location filename="../../ui/screens/dossier_list.py" line="38"/>
        <source>Filter by name, code or procedure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_list.py" line="51"/>
        <source>New dossier</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_list.py" line="65"/>
        <source>All</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_list.py" line="66"/>
        <source>Drafts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_list.py" line="67"/>
        <source>Waiting to send</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_list.py" line="68"/>
        <source>Could not send</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_list.py" line="69"/>
        <source>At the province</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_list.py" line="70"/>
        <source>Needs supplement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_list.py" line="71"/>
        <source>Finished</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_list.py" line="90"/>
        <source>%1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_list.py" line="93"/>
        <source>last word from the province %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_list.py" line="98"/>
        <source>Show more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_list.py" line="104"/>
        <source>due %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_list.py" line="105"/>
        <source>No name yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_list.py" line="112"/>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_list.py" line="121"/>
        <source>No drafts. What you are working on will be here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_list.py" line="122"/>
        <source>Nothing waits. Locked dossiers wait here until they are sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_list.py" line="123"/>
        <source>Nothing is stuck. What the province returns will be here, with its reason.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_list.py" line="124"/>
        <source>No supplement is asked for. Requests of officers will be here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_list.py" line="125"/>
        <source>No dossiers here. Begin with “New dossier”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_list.py" line="141"/>
        <source>Deleted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_list.py" line="141"/>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DossierTasksScreen</name>
    <message>
        <location filename="../../ui/screens/dossier_tasks.py" line="48"/>
        <source>This dossier is locked. It can be read, not changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_tasks.py" line="51"/>
        <source>NOT sent. %1 of %2 sections filled in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_tasks.py" line="53"/>
        <source>Fill them in, then press “Check and lock”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_tasks.py" line="57"/>
        <source>Scan the ID card to fill in 5 fields (F2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_tasks.py" line="64"/>
        <source>Details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_tasks.py" line="67"/>
        <source>missing: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_tasks.py" line="78"/>
        <source>Papers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_tasks.py" line="82"/>
        <source>%1 of %2 papers, %3 files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_tasks.py" line="85"/>
        <source>Photos and papers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_tasks.py" line="94"/>
        <source>Consent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_tasks.py" line="96"/>
        <source>Consent to file this dossier</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_tasks.py" line="105"/>
        <source>Saved %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_tasks.py" line="107"/>
        <source>Status</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_tasks.py" line="109"/>
        <source>Check and lock</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_tasks.py" line="110"/>
        <source>Back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_tasks.py" line="117"/>
        <source>Filled in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_tasks.py" line="119"/>
        <source>In progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_tasks.py" line="121"/>
        <source>Check this</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/dossier_tasks.py" line="122"/>
        <source>Not started</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FindProcedureScreen</name>
    <message>
        <location filename="../../ui/screens/find_procedure.py" line="24"/>
        <location filename="../../ui/screens/find_procedure.py" line="30"/>
        <source>Find a procedure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/find_procedure.py" line="29"/>
        <source>With or without marks, both work</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/find_procedure.py" line="36"/>
        <source>Results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/find_procedure.py" line="71"/>
        <source>%1 procedures, by group</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/find_procedure.py" line="78"/>
        <source>%1 results for “%2”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/find_procedure.py" line="82"/>
        <source>This is not a ward procedure: it is handled by the court.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/find_procedure.py" line="83"/>
        <source>This is not a procedure here: ask the traffic police.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/find_procedure.py" line="84"/>
        <source>This is not a procedure: tell the police at once, and send nobody money.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/find_procedure.py" line="85"/>
        <source>This is not an administrative procedure: ask a bank.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/find_procedure.py" line="86"/>
        <source>This is not an administrative procedure: ask the provider.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/find_procedure.py" line="87"/>
        <source>This is not an administrative procedure.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/find_procedure.py" line="91"/>
        <source>No procedure matches “%1”. Try fewer or other words, or ask your team leader.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/find_procedure.py" line="103"/>
        <source>known by name only</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FirstRunScreen</name>
    <message>
        <location filename="../../ui/screens/first_run.py" line="23"/>
        <source>Welcome to bnhelper</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/first_run.py" line="23"/>
        <source>Set up this machine once. No network is needed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/first_run.py" line="29"/>
        <source>Who works with this machine?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/first_run.py" line="30"/>
        <source>Your name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/first_run.py" line="33"/>
        <source>Your commune or ward</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/first_run.py" line="34"/>
        <source>Choose your commune or ward</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/first_run.py" line="39"/>
        <source>How is it locked?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/first_run.py" line="42"/>
        <source>Your team&apos;s invitation (optional)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/first_run.py" line="43"/>
        <source>Paste the invitation here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/first_run.py" line="45"/>
        <source>Without it you can work; what you lock is sent once the machine is enrolled.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/first_run.py" line="47"/>
        <source>Begin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/first_run.py" line="65"/>
        <source>A PIN of 6 digits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/first_run.py" line="65"/>
        <source>It works together with this system&apos;s keyring.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/first_run.py" line="67"/>
        <source>A passphrase of at least 4 words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/first_run.py" line="68"/>
        <source>This system has no keyring, so a PIN alone would not protect the data.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/first_run.py" line="70"/>
        <location filename="../../ui/screens/first_run.py" line="91"/>
        <source>A key file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/first_run.py" line="70"/>
        <source>Keep it apart from the machine, for example on a stick.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/first_run.py" line="80"/>
        <location filename="../../ui/screens/first_run.py" line="81"/>
        <source>The same once more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/first_run.py" line="84"/>
        <source>Choose a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/first_run.py" line="98"/>
        <source>Enter your name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/first_run.py" line="100"/>
        <source>The two entries differ</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/first_run.py" line="102"/>
        <source>Choose how the machine is locked</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>HelpScreen</name>
    <message>
        <location filename="../../ui/screens/help_page.py" line="15"/>
        <source>Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/help_page.py" line="16"/>
        <source>First steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/help_page.py" line="19"/>
        <source>Find the procedure by everyday words, with or without marks.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/help_page.py" line="20"/>
        <source>Answer the few questions; “Not sure” keeps both ways open.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/help_page.py" line="21"/>
        <source>Read the list out, print it, or let a phone take it by QR code.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/help_page.py" line="22"/>
        <source>Start the dossier: scan the card, fill in, add photos, take the consent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/help_page.py" line="23"/>
        <source>Check and lock. It is sent by itself when there is a network.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/help_page.py" line="28"/>
        <source>What is kept where</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/help_page.py" line="32"/>
        <source>Everything is saved as you type, encrypted, on this machine only, until the province confirms that it has it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/help_page.py" line="36"/>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/help_page.py" line="39"/>
        <source>Find a procedure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/help_page.py" line="40"/>
        <source>Go to a place of the rail</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/help_page.py" line="41"/>
        <source>New dossier</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/help_page.py" line="42"/>
        <source>The one next step of the screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/help_page.py" line="43"/>
        <location filename="../../ui/screens/help_page.py" line="54"/>
        <source>Back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/help_page.py" line="44"/>
        <source>Scan the ID card</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/help_page.py" line="45"/>
        <source>Paste a photo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/help_page.py" line="46"/>
        <source>Undo / redo an answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/help_page.py" line="47"/>
        <source>Print</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/help_page.py" line="48"/>
        <source>Next region of the window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/help_page.py" line="49"/>
        <source>Text larger, smaller, normal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/help_page.py" line="50"/>
        <source>Lock the machine</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ProcedureScreen</name>
    <message>
        <location filename="../../ui/screens/procedure.py" line="30"/>
        <source>No information yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure.py" line="31"/>
        <source>Procedures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure.py" line="37"/>
        <source>Only the name of this procedure is known here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure.py" line="38"/>
        <source>Ask the one-stop desk which papers it needs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure.py" line="41"/>
        <location filename="../../ui/screens/procedure.py" line="89"/>
        <source>Results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure.py" line="47"/>
        <source>No officer has reviewed these conditions yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure.py" line="48"/>
        <source>Check the list with the one-stop desk before you send anybody away.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure.py" line="52"/>
        <source>Know at once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure.py" line="54"/>
        <source>online</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure.py" line="55"/>
        <source>in person</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure.py" line="56"/>
        <source>by post</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure.py" line="59"/>
        <source>Time limit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure.py" line="60"/>
        <source>Fee</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure.py" line="61"/>
        <source>Responsible authority</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure.py" line="62"/>
        <source>How to file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure.py" line="63"/>
        <source>Result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure.py" line="64"/>
        <source>Deadline to file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure.py" line="68"/>
        <source>Dossier components (whole list, every case)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure.py" line="71"/>
        <location filename="../../ui/screens/procedure.py" line="75"/>
        <source>Steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure.py" line="72"/>
        <source>Requirements</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure.py" line="73"/>
        <source>Good to know</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure.py" line="79"/>
        <source>Legal basis and sources</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure.py" line="85"/>
        <source>Not verified: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure.py" line="86"/>
        <source>Print</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure.py" line="92"/>
        <source>Full list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure.py" line="98"/>
        <source>Your case</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure.py" line="111"/>
        <source>always</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure.py" line="111"/>
        <source>by case</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ProcedureWords</name>
    <message>
        <location filename="../../ui/screens/procedure_words.py" line="14"/>
        <source>%1 original</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure_words.py" line="17"/>
        <source>%1 copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure_words.py" line="19"/>
        <source>hand in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure_words.py" line="20"/>
        <source>declaration form</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure_words.py" line="21"/>
        <source>show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure_words.py" line="22"/>
        <source>filled on line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure_words.py" line="23"/>
        <source>looked up by the office</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure_words.py" line="24"/>
        <source>note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure_words.py" line="32"/>
        <source>not published</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure_words.py" line="34"/>
        <source>0 đ by the portal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure_words.py" line="38"/>
        <source>online</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure_words.py" line="39"/>
        <source>in person</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure_words.py" line="40"/>
        <source>by post</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure_words.py" line="50"/>
        <source>Exempt in this case. Otherwise: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure_words.py" line="52"/>
        <source>Perhaps: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure_words.py" line="59"/>
        <source>%1 working days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure_words.py" line="60"/>
        <source>%1 days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure_words.py" line="61"/>
        <source>%1 hours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure_words.py" line="66"/>
        <source>same working day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure_words.py" line="77"/>
        <source>not yet known: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/procedure_words.py" line="80"/>
        <source>only the office can tell</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>QuestionField</name>
    <message>
        <location filename="../../ui/widgets/question_field.py" line="71"/>
        <source>Not asked for, so it stays as it was sent.</source>
        <extracomment>up to this many choices stand as rows, more are searched</extracomment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/widgets/question_field.py" line="218"/>
        <source>Day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/widgets/question_field.py" line="218"/>
        <source>Month</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/widgets/question_field.py" line="218"/>
        <source>Year</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/widgets/question_field.py" line="232"/>
        <source>Only the year is known</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>QuestionScreen</name>
    <message>
        <location filename="../../ui/screens/question.py" line="63"/>
        <source>page %1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/question.py" line="65"/>
        <source>Saved %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/question.py" line="75"/>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/question.py" line="76"/>
        <source>Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/question.py" line="79"/>
        <source>Back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/question.py" line="82"/>
        <source>Continue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/question.py" line="95"/>
        <source>Filled in from the ID card</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/question.py" line="95"/>
        <source>From an earlier answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/question.py" line="127"/>
        <source>This person already has a dossier of this kind: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/question.py" line="130"/>
        <source>Open it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/question.py" line="189"/>
        <source>Choose one of the offered answers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/question.py" line="189"/>
        <source>Check this answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/question.py" line="197"/>
        <source>There are %1 things to check</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ReceiptScreen</name>
    <message>
        <location filename="../../ui/screens/receipt.py" line="36"/>
        <location filename="../../ui/screens/receipt.py" line="48"/>
        <source>Home visit record slip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/receipt.py" line="53"/>
        <source>This is not yet the official receipt.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/receipt.py" line="61"/>
        <source>Originals: you KEEP them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/receipt.py" line="62"/>
        <source>QR code to look up the dossier</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/receipt.py" line="65"/>
        <source>What happens next</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/receipt.py" line="68"/>
        <source>This machine sends the dossier by itself when there is a network.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/receipt.py" line="69"/>
        <source>The ward&apos;s officer checks it and answers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/receipt.py" line="70"/>
        <source>When the official receipt comes, the volunteer tells you.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/receipt.py" line="75"/>
        <source>You pay nothing beyond the fee.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/receipt.py" line="76"/>
        <source>Paper</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/receipt.py" line="85"/>
        <location filename="../../ui/screens/receipt.py" line="118"/>
        <source>Save as PDF</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/receipt.py" line="87"/>
        <source>Unlock</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/receipt.py" line="88"/>
        <source>Print the slip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/receipt.py" line="92"/>
        <source>Status</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/receipt.py" line="94"/>
        <source>Back to Today</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/receipt.py" line="99"/>
        <source>The province has it since %1, number %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/receipt.py" line="104"/>
        <source>Locked on this machine. Not sent yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/receipt.py" line="105"/>
        <source>It is sent by itself when there is a network.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ScanCardScreen</name>
    <message>
        <location filename="../../ui/screens/scan_card.py" line="38"/>
        <source>Scan the ID card</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/scan_card.py" line="40"/>
        <source>Choose a picture of the side with the QR code, drag it here, or paste it with Ctrl+V.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/scan_card.py" line="43"/>
        <location filename="../../ui/screens/scan_card.py" line="80"/>
        <source>Choose a picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/scan_card.py" line="44"/>
        <source>Paste</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/scan_card.py" line="48"/>
        <source>Only the read fields are kept. The picture and the code itself are not.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/scan_card.py" line="52"/>
        <location filename="../../ui/screens/scan_card.py" line="77"/>
        <source>Back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/scan_card.py" line="55"/>
        <source>Is this the person in front of you?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/scan_card.py" line="56"/>
        <source>Male</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/scan_card.py" line="56"/>
        <source>Female</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/scan_card.py" line="60"/>
        <source>Full name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/scan_card.py" line="61"/>
        <source>ID number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/scan_card.py" line="62"/>
        <source>Date of birth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/scan_card.py" line="63"/>
        <source>Sex</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/scan_card.py" line="64"/>
        <source>Address on the card</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/scan_card.py" line="70"/>
        <source>The card&apos;s date of birth does not exist: type it in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/scan_card.py" line="71"/>
        <source>The year of birth does not fit the ID number: look at the card.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/scan_card.py" line="72"/>
        <source>The sex does not fit the ID number: look at the card.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/scan_card.py" line="73"/>
        <source>The ID number names a birth in the future: look at the card.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/scan_card.py" line="77"/>
        <source>Fill in</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SettingsScreen</name>
    <message>
        <location filename="../../ui/screens/settings_page.py" line="27"/>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/settings_page.py" line="27"/>
        <source>Changes apply at once, no Save</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/settings_page.py" line="28"/>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/settings_page.py" line="30"/>
        <source>Theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/settings_page.py" line="32"/>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/settings_page.py" line="32"/>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/settings_page.py" line="32"/>
        <source>Outdoor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/settings_page.py" line="34"/>
        <source>Text size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/settings_page.py" line="37"/>
        <source>This machine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/settings_page.py" line="41"/>
        <source>Procedure pack %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/settings_page.py" line="45"/>
        <source>Restore defaults for this page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/settings_page.py" line="47"/>
        <source>Done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/settings_page.py" line="64"/>
        <source>Province</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/settings_page.py" line="67"/>
        <source>Enrolled at: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/settings_page.py" line="71"/>
        <source>Paste your team&apos;s invitation. You can work without it and send later.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/settings_page.py" line="74"/>
        <source>Invitation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/settings_page.py" line="76"/>
        <source>Enrol</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/settings_page.py" line="103"/>
        <source>This machine is enrolled.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Status</name>
    <message>
        <location filename="../../ui/words/status_words.py" line="11"/>
        <source>Draft</source>
        <extracomment>status -&gt; (source text, icon); each icon has an outline of its own, so that the set survives grey print</extracomment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/words/status_words.py" line="12"/>
        <source>Waiting to send</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/words/status_words.py" line="13"/>
        <source>Sending</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/words/status_words.py" line="14"/>
        <source>Could not send</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/words/status_words.py" line="15"/>
        <source>Reached the province</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/words/status_words.py" line="16"/>
        <source>Received by the officer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/words/status_words.py" line="17"/>
        <source>Needs supplement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/words/status_words.py" line="18"/>
        <source>Processing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/words/status_words.py" line="19"/>
        <source>Result ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/words/status_words.py" line="20"/>
        <source>Handed over</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/words/status_words.py" line="21"/>
        <source>Not accepted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/words/status_words.py" line="22"/>
        <source>Withdrawn</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SupplementScreen</name>
    <message>
        <location filename="../../ui/screens/supplement.py" line="32"/>
        <source>Status</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="52"/>
        <source>as of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="60"/>
        <source>Locked on this machine. Not sent yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="62"/>
        <source>Back to Today</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="68"/>
        <source>Send again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="73"/>
        <source>Result ready. Hand it over at home, or collect it at the ward.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="80"/>
        <source>Answers and papers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="84"/>
        <source>Slip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="90"/>
        <location filename="../../ui/screens/supplement.py" line="169"/>
        <source>Save the result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="96"/>
        <source>Back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="105"/>
        <source>The officer wrote</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="109"/>
        <source>due %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="112"/>
        <source>To do (%1)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="115"/>
        <source>changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="115"/>
        <source>to be mended</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="127"/>
        <source>new photo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="137"/>
        <source>Check and lock the supplement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="145"/>
        <source>Fix %1 things</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="178"/>
        <source>Timeline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="180"/>
        <source>No word from the province yet. It usually takes a working day.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="186"/>
        <source>Begun on this machine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="187"/>
        <source>Consent given</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="188"/>
        <source>Consent taken back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="189"/>
        <source>Locked on this machine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="190"/>
        <source>Unlocked again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="191"/>
        <source>Reached the province</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="192"/>
        <source>The province does not have it: queued again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="193"/>
        <source>Could not be sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="194"/>
        <source>Queued again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="195"/>
        <source>Supplement begun</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="196"/>
        <source>The province has every file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="197"/>
        <source>Received by the officer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="198"/>
        <source>Processing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="199"/>
        <source>Supplement asked for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="200"/>
        <source>Result ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="201"/>
        <source>Handed over</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="202"/>
        <source>Not accepted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/supplement.py" line="203"/>
        <source>Withdrawn</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SyncCentreScreen</name>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="29"/>
        <location filename="../../ui/screens/sync_centre.py" line="52"/>
        <source>Send and receive</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="31"/>
        <source>Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="32"/>
        <source>Send now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="51"/>
        <source>not yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="52"/>
        <source>Last confirmed by the province: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="56"/>
        <source>On this machine, not yet at the province</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="57"/>
        <source>%1 dossiers · %2 files · %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="66"/>
        <source>Needs your attention</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="77"/>
        <source>Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="79"/>
        <source>Send again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="87"/>
        <source>Reached the province today: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="101"/>
        <source>News from the province today: %1, of these asking for a supplement: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="111"/>
        <source>This machine knows no province yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="112"/>
        <source>Paste an invitation in Settings. Everything is kept here until then.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="115"/>
        <source>%1 dossiers are safe on this machine and will be sent by themselves.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="116"/>
        <source>No network.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="119"/>
        <source>This Wi-Fi asks to be signed in to in a browser.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="120"/>
        <source>Nothing was sent. Sign in there, then press “Send now”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="123"/>
        <source>The province asked to wait.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="123"/>
        <source>It is tried again by itself. Nothing is lost.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="126"/>
        <source>The province no longer knows this machine.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="127"/>
        <source>You can keep working. Ask your team leader for a new invitation.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="137"/>
        <source>number %1 in the queue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="138"/>
        <source>sending</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="156"/>
        <source>Trying now…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="162"/>
        <location filename="../../ui/screens/sync_centre.py" line="187"/>
        <source>Paused. Press “Send now” to go on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="178"/>
        <source>Done: everything that could be sent was sent, and the province confirmed it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="179"/>
        <source>Done: there is news from the province.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="180"/>
        <source>Done: there was nothing new to send or receive.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="181"/>
        <source>Not everything could be sent: see below what needs you.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="182"/>
        <source>No network now. It will be sent by itself as soon as there is one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="183"/>
        <source>This Wi-Fi asks to be signed in to in a browser. Nothing was sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="184"/>
        <source>The province asked to wait. It is tried again by itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="185"/>
        <source>The province no longer knows this machine. Nothing was sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/sync_centre.py" line="186"/>
        <source>This machine knows no province yet. Nothing was sent.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TakePhotoScreen</name>
    <message>
        <location filename="../../ui/screens/take_photo.py" line="36"/>
        <location filename="../../ui/screens/take_photo.py" line="57"/>
        <source>Photos and papers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/take_photo.py" line="59"/>
        <source>Drag files on to a paper, paste with Ctrl+V, or choose a file. Originals stay with the family.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/take_photo.py" line="67"/>
        <source>No papers are needed in this case.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/take_photo.py" line="68"/>
        <source>Saved %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/take_photo.py" line="72"/>
        <source>Back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/take_photo.py" line="74"/>
        <source>Done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/take_photo.py" line="100"/>
        <source>Not asked for, so it stays as it was sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/take_photo.py" line="106"/>
        <location filename="../../ui/screens/take_photo.py" line="147"/>
        <source>Choose a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/take_photo.py" line="112"/>
        <source>Paste</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/take_photo.py" line="114"/>
        <source>The original was shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/take_photo.py" line="133"/>
        <source>Photo %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/take_photo.py" line="138"/>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/take_photo.py" line="181"/>
        <source>Photo removed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/take_photo.py" line="181"/>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TodayScreen</name>
    <message>
        <location filename="../../ui/screens/today.py" line="56"/>
        <source>Other drafts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/today.py" line="63"/>
        <source>Nothing planned for today. Start with:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/today.py" line="65"/>
        <source>Find a procedure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/today.py" line="68"/>
        <source>First steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/today.py" line="70"/>
        <source>Often used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/today.py" line="74"/>
        <source>Procedure pack of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/today.py" line="90"/>
        <location filename="../../ui/screens/today.py" line="100"/>
        <source>Continue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/today.py" line="94"/>
        <source>Saved %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/today.py" line="111"/>
        <source>due %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>UnlockScreen</name>
    <message>
        <location filename="../../ui/screens/unlock.py" line="22"/>
        <source>Unlock bnhelper</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/unlock.py" line="32"/>
        <location filename="../../ui/screens/unlock.py" line="85"/>
        <source>Opening…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/unlock.py" line="42"/>
        <source>Enter your PIN</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/unlock.py" line="43"/>
        <source>Enter your passphrase</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/unlock.py" line="44"/>
        <location filename="../../ui/screens/unlock.py" line="79"/>
        <source>Choose your key file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/unlock.py" line="55"/>
        <source>Choose a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/unlock.py" line="57"/>
        <source>Show digits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/unlock.py" line="57"/>
        <source>Show words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/unlock.py" line="66"/>
        <source>Works with no network. After wrong tries there is a wait; nothing is ever wiped.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/unlock.py" line="68"/>
        <source>Unlock</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/screens/unlock.py" line="97"/>
        <source>Wait %1 s</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <location filename="../../ui/frame/window.py" line="172"/>
        <source>Today</source>
        <extracomment>below this the rail shows icons and short words below this it is a bar at the bottom (settled.md)</extracomment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/frame/window.py" line="173"/>
        <source>Procedures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/frame/window.py" line="174"/>
        <source>Dossiers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/frame/window.py" line="175"/>
        <source>Send and receive</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/frame/window.py" line="176"/>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/frame/window.py" line="177"/>
        <source>Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/frame/window.py" line="217"/>
        <location filename="../../ui/frame/window.py" line="218"/>
        <source>Lock</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/frame/window.py" line="221"/>
        <location filename="../../ui/frame/window.py" line="222"/>
        <source>Find a procedure  (Ctrl+K)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/frame/window.py" line="223"/>
        <location filename="../../ui/frame/window.py" line="224"/>
        <source>Text size</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
