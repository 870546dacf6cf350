#!/usr/bin/env bash
# Takes 24 companies of two clusters through a whole export accelerator, over HTTP, on disk.
# Usage: first-cohort.sh [--keep]
#   --keep   leaves the server running and says how to look around
# Installs and builds what is missing first: `release`, or the preset that SILLAGE_PRESET names.
# Needs no input; exit status 0 when all went as told.
# A server that dies on the way is started again: every request is repeated under its own
# Idempotency-Key until it is answered, and at the end all that was acknowledged must be in the log.
# jq's variables stand in single quotes; some functions are called by their name in a variable.
# shellcheck disable=SC2016,SC2317
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

keep=false
case "${1:-}" in
    '') ;;
    --keep) keep=true ;;
    *)
        sed -n '2,4s/^# //p' examples/first-cohort.sh
        exit 2
        ;;
esac

preset=${SILLAGE_PRESET:-release}
tests/install.sh build
cmake --preset "$preset" >/dev/null
cmake --build --preset "$preset" --target sillage | tail -n 1
sillage=$PWD/build/$preset/server/sillage

work=$(mktemp -d)
data=$work/data
: >"$work/acknowledged"
SILLAGE_ADMIN_TOKEN=sil_$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n')
export SILLAGE_ADMIN_TOKEN
server=
port=0
requests=0
restarts=0
now=2027-01-01

# ---------------------------------------------------------------- the server and its requests

is_ready() {
    local address='s/.*"address":"127\.0\.0\.1:\([0-9]*\)".*/\1/p'
    port=$(sed -n "$address" "$work/server.log" | tail -n 1)
    [ -n "$port" ] &&
        curl -fsS -o "$work/ready" "http://127.0.0.1:$port/readyz" 2>>"$work/curl.log"
}

start_server() {
    "$sillage" serve --sandbox --data "$data" --listen "127.0.0.1:$port" 2>>"$work/server.log" &
    server=$!
    echo "$server" >"$work/server.pid"
    local tries=0
    until is_ready; do
        tries=$((tries + 1))
        if [ "$tries" -gt 200 ] || ! kill -0 "$server"; then
            echo "The server does not start:" >&2
            tail -n 5 "$work/server.log" >&2
            exit 1
        fi
        sleep 0.05
    done
}

stop_server() {
    [ -z "$server" ] || { kill "$server" && wait "$server"; } 2>>"$work/curl.log" || :
}
finish() {
    $keep && [ "${finished:-}" = true ] && return
    stop_server
    rm -rf "$work"
}
trap finish EXIT

# call METHOD PATH TOKEN [BODY]: the answer's body in $answer, its status in $status. Repeated with
# the same key while nothing answers; anything but 2xx ends the script, unless $expect says it.
expect=
call() {
    local type=application/json
    case "$1 $2" in
        "POST /v1/workflows"*) type=application/yaml ;;
        PATCH*) type=application/merge-patch+json ;;
    esac
    requests=$((requests + 1))
    local arguments=(-sS -X "$1" -o "$work/answer" -w '%{http_code}' -H "Authorization: Bearer $3"
        -H "Idempotency-Key: first-cohort-$requests")
    [ $# -lt 4 ] || arguments+=(-H "Content-Type: $type" --data-binary "$4")
    local tries=0
    until status=$(curl "${arguments[@]}" "http://127.0.0.1:$port$2" 2>>"$work/curl.log"); do
        tries=$((tries + 1))
        [ "$tries" -le 20 ] || { echo "No answer to $1 $2" >&2; exit 1; }
        if ! kill -0 "$server" 2>>"$work/curl.log"; then
            restarts=$((restarts + 1))
            echo "    (the server died; it is started again and goes on where it was)"
            start_server
        fi
    done
    answer=$(<"$work/answer")
    if [ "${status:0:1}" != 2 ] && [ "$status" != "$expect" ]; then
        echo "$1 $2 was answered $status: $(jq -r '.detail // .' <<<"$answer")" >&2
        exit 1
    fi
}

# field [OPTIONS] FILTER: a member of the last answer.
field() { jq -r "$@" <<<"$answer"; }

# send TOKEN INSTANCE EVENT [DATA]: one event of one company.
send() {
    call POST "/v1/instances/$2/events" "$1" "{\"event\":\"$3\",\"data\":${4:-null}}"
    [ "${status:0:1}" != 2 ] || echo "$2 $(field .sequence) $3" >>"$work/acknowledged"
}

# What a bulk answer says was taken is acknowledged.
acknowledge_outcomes() {
    field '.event as $event | .outcomes[] | select(.outcome == "taken")
        | "\(.instance) \(.sequence) \($event)"' >>"$work/acknowledged"
}

# bulk TOKEN EVENT STATE [DATA]: one event of all companies that are in the state.
bulk() {
    call POST "/v1/cohorts/$cohort/events" "$1" \
        "{\"event\":\"$2\",\"filter\":{\"state\":\"$3\"},\"data\":${4:-null}}"
    show_outcomes
}

show_outcomes() {
    acknowledge_outcomes
    field '"    \(.event): \(.counts.taken) taken, "
           + "\(.counts.blocked) blocked, \(.counts.failed) failed"'
    field '.outcomes[] | select(.outcome != "taken")
        | (.blockers[0].message // .problem.detail // "")' |
        sort | uniq -c | sed 's/^ *\([0-9]*\)/      \1 x/'
}

# bulk_tracks TOKEN EVENT STATE [DATA]: one event of all regulatory tracks that are in the state.
bulk_tracks() {
    call GET "/v1/instances?workflow=regulatory-track&cohort=$cohort&state=$3&limit=100" "$1"
    local tracks
    tracks=$(field -c '[.items[].id]')
    call POST "/v1/cohorts/$cohort/events" "$1" \
        "{\"event\":\"$2\",\"instances\":$tracks,\"data\":${4:-null}}"
    show_outcomes
}

# until INSTANT: moves the clock; what falls due on the way happens, each at its own time.
until_day() {
    call POST /v1/sandbox/advance "$SILLAGE_ADMIN_TOKEN" "{\"to\":\"$1T09:00:00.000Z\"}"
    now=$1
    echo "    … $now, $(field .fired) timers fired on the way"
}

phase() { printf '\n\033[1m%s\033[0m (%s)\n' "$1" "$now"; }

board() {
    call GET "/v1/cohorts/$cohort/board" "$manager"
    field 'def left($width): . + " " * ([1, $width - length] | max);
        .stages[] | select(.count > 0)
        | ([.members[].waiting_for // empty] | group_by(.)
            | map("\(length) \(.[0])") | join(", ")) as $waiting
        | "      " + (.title | left(38)) + ("\(.count)" | left(5))
          + (if .overdue > 0 then "\(.overdue) overdue" else "" end | left(12))
          + (if $waiting == "" then "" else "waiting for " + $waiting end) | sub(" +$"; "")'
}

# ---------------------------------------------------------------- who takes part

# The companies of companies.csv by a short name, in the file's order.
names=(orvane brenac thilivert huisne seve dermetrie loirelle pontvallier nez aquilea hautefrasne
    logisarome almirela montferrer torregrana cadelmar sabina besolla llum normacosm iberderm
    olfacta vilardell azahar)
declare -A cluster_of company_of token_of instance_of cluster_id manager_of deputy_of title_of

# account NAME BINDING...: its token in $token, its id in $account.
account() {
    local name=$1
    shift
    local IFS=,
    call POST /v1/accounts "$SILLAGE_ADMIN_TOKEN" \
        "$(jq -nc --arg name "$name" "{name: \$name, roles: [$*]}")"
    account=$(field .id)
    call POST "/v1/accounts/$account/tokens" "$SILLAGE_ADMIN_TOKEN" '{"name":"first-cohort"}'
    token=$(field .token)
}

register() {
    phase "Two clusters, 24 companies, and the people around them"
    local workflow
    for workflow in regulatory-track export-accelerator; do
        call POST /v1/workflows "$SILLAGE_ADMIN_TOKEN" "@workflows/$workflow.yaml"
        echo "    published $(field .name) version $(field .version), $(field .hash)"
    done
    local cluster country binding
    for cluster in "Cosmetic Valley:FR" "Beauty Cluster:ES"; do
        country=${cluster#*:}
        cluster=${cluster%:*}
        call POST /v1/clusters "$SILLAGE_ADMIN_TOKEN" \
            "$(jq -nc --arg name "$cluster" --arg country "$country" '$ARGS.named')"
        cluster_id[$cluster]=$(field .id)
        binding="{role: \"cluster_manager\", cluster: \"${cluster_id[$cluster]}\"}"
        account "Manager of $cluster" "$binding"
        manager_of[$cluster]=$token
        account "Deputy of $cluster" "$binding"
        deputy_of[$cluster]=$token
    done
    local index=0 key name rest
    while IFS=, read -r key cluster title country segment headcount turnover balance rest; do
        name=${names[$index]}
        index=$((index + 1))
        cluster_of[$name]=$cluster
        title_of[$name]=$title
        call POST /v1/companies "$SILLAGE_ADMIN_TOKEN" \
            "$(jq -nc --arg key "$key" --arg cluster "${cluster_id[$cluster]}" \
                --arg name "$title" --arg country "$country" --arg segment "$segment" \
                --argjson headcount "$headcount" --argjson turnover_eur "$turnover" \
                --argjson balance_sheet_eur "$balance" '$ARGS.named')"
        company_of[$name]=$(field .id)
        account "$title" "{role: \"sme\", company: \"${company_of[$name]}\"}"
        token_of[$name]=$token
    done < <(tail -n +2 examples/companies.csv)
    account "Programme manager" '{role: "programme_manager"}'
    manager=$token
    account "Panel chair" '{role: "panel_chair"}'
    chair=$token
    account "Appeal board" '{role: "appeal_board"}'
    board_of_appeal=$token
    account "Finance officer" '{role: "finance_officer"}'
    finance=$token
    account "Mentor" '{role: "mentor"}' '{role: "mission_lead"}' '{role: "regulatory_expert"}'
    mentor=$token
    account "Rapporteur" '{role: "rapporteur"}'
    rapporteur=$token
    evaluator_ids=() evaluators=()
    for name in first second third; do
        account "Evaluator, $name" '{role: "evaluator"}'
        evaluator_ids+=("$account")
        evaluators+=("$token")
    done
    echo "    ${#company_of[@]} companies, $((${#company_of[@]} + 13)) accounts"
}

# sme NAME EVENT [DATA]: the company itself acts; cluster, deputy: its cluster's manager or deputy.
# by TOKEN NAME EVENT [DATA]: whoever the token belongs to.
sme() { send "${token_of[$1]}" "${instance_of[$1]}" "$2" "${3:-null}"; }
cluster() { send "${manager_of[${cluster_of[$1]}]}" "${instance_of[$1]}" "$2" "${3:-null}"; }
deputy() { send "${deputy_of[${cluster_of[$1]}]}" "${instance_of[$1]}" "$2" "${3:-null}"; }
by() { send "$1" "${instance_of[$2]}" "$3" "${4:-null}"; }
# each NAME... -- COMMAND...: the command once for every name, as `COMMAND NAME REST...`.
each() {
    local chosen=()
    while [ "$1" != -- ]; do
        chosen+=("$1")
        shift
    done
    shift
    local command=$1 name
    shift
    for name in "${chosen[@]}"; do "$command" "$name" "$@"; done
}

# ---------------------------------------------------------------- the programme

applications() {
    phase "Applications"
    until_day 2027-01-04
    local owner=${cluster_id[Cosmetic Valley]}
    call POST /v1/cohorts "$SILLAGE_ADMIN_TOKEN" "$(jq -nc --arg cluster "$owner" \
        '{cluster: $cluster, workflow: "export-accelerator", name: "Spring 2027",
          dates: {call_close: "2027-01-29T16:00:00Z", panel: "2027-03-01T16:00:00Z",
                  reserve_expiry: "2027-06-30T22:00:00Z", mission: "2027-09-27T07:00:00Z"},
          settings: {threshold: 60, countries: ["FR", "ES"]}}')"
    cohort=$(field .id)
    local name
    for name in "${names[@]}"; do
        call POST /v1/instances "$SILLAGE_ADMIN_TOKEN" "$(jq -nc \
            --arg company "${company_of[$name]}" --arg cohort "$cohort" --arg key "CV-2027-$name" \
            '{workflow: "export-accelerator", company: $company, cohort: $cohort, key: $key}')"
        instance_of[$name]=$(field .id)
        echo "${instance_of[$name]} 1 \$start" >>"$work/acknowledged"
    done
    until_day 2027-01-20
    for name in "${names[@]}"; do
        # One company never finishes its draft; the close of the call ends it.
        [ "$name" = olfacta ] || sme "$name" submit '{"products":4,"de_minimis_eur":20000,
            "motivation":"Our creams are ready for buyers abroad.","declaration_signed":true}'
    done
    until_day 2027-02-01
    board
}

eligibility() {
    phase "Eligibility"
    local check='{"membership_valid":true,"not_excluded":true,"linked_added":true}'
    expect=422
    cluster hautefrasne confirm_eligible "$check"
    expect=
    echo "    ${title_of[hautefrasne]} cannot be confirmed: $(field .detail)"
    each hautefrasne iberderm vilardell -- cluster find_ineligible '{"reason_code":"not_sme"}'
    each montferrer sabina -- cluster request_clarification \
        '{"items":"The accounts of 2025 are missing."}'
    local name
    for name in orvane brenac thilivert huisne seve dermetrie loirelle pontvallier nez aquilea \
        logisarome almirela torregrana cadelmar besolla llum normacosm azahar; do
        cluster "$name" confirm_eligible "$check"
    done
    until_day 2027-02-03
    expect=422
    cluster iberderm declare_ineligible
    expect=
    echo "    four eyes: $(field .detail)"
    each hautefrasne iberderm vilardell -- deputy declare_ineligible
    sme montferrer answer '{"answer":"Attached, signed by the auditor."}'
    cluster montferrer confirm_eligible "$check"
    board
}

# score EVALUATOR SCORE NAME...: a signed sheet for each.
score() {
    local evaluator=$1 points=$2
    shift 2
    each "$@" -- sheet "$evaluator" "$points"
}
sheet() { by "$2" "$1" sheet_signed "{\"score\":$3,\"comment\":\"Read, compared and signed.\"}"; }

evaluation() {
    phase "Evaluation"
    local pair="{\"evaluators\":[\"${evaluator_ids[0]}\",\"${evaluator_ids[1]}\"]}"
    local strong=(orvane thilivert huisne seve loirelle aquilea logisarome almirela montferrer
        torregrana cadelmar besolla llum) close=(nez azahar) weak=(dermetrie pontvallier)
    bulk "$manager" assign evaluation.assigning "$pair"
    until_day 2027-02-09
    sme normacosm withdraw '{"reason":"We merge with a partner first."}'
    until_day 2027-02-16
    score "${evaluators[0]}" 82 "${strong[@]}"
    score "${evaluators[1]}" 76 "${strong[@]}"
    score "${evaluators[0]}" 66 "${close[@]}"
    score "${evaluators[1]}" 62 "${close[@]}"
    score "${evaluators[0]}" 48 "${weak[@]}"
    score "${evaluators[1]}" 41 "${weak[@]}"
    # Thirty points apart: a third person reads, and the consensus counts.
    score "${evaluators[0]}" 50 brenac
    score "${evaluators[1]}" 80 brenac
    by "$manager" brenac add_evaluator "{\"joins\":\"${evaluator_ids[2]}\",\"leaves\":\"\"}"
    score "${evaluators[2]}" 72 brenac
    by "$rapporteur" brenac consensus_signed '{"score":72}'
    until_day 2027-02-24
    each "${strong[@]}" brenac -- propose '{"outcome":"select","reasons":"A convincing plan."}'
    propose azahar '{"outcome":"reserve","rank":1,"reasons":"Good, but the seats are few."}'
    propose nez '{"outcome":"reserve","rank":2,"reasons":"Good, but the seats are few."}'
    each "${weak[@]}" -- propose \
        '{"outcome":"reject","reasons":"The target markets are not argued."}'
    board
}
propose() { by "$manager" "$1" propose "$2"; }

decision() {
    phase "Decision"
    until_day 2027-03-01
    bulk "$chair" release decision.proposed '{"minutes":"PV-2027-03-01"}'
    until_day 2027-03-08
    local name
    for name in orvane brenac thilivert huisne seve aquilea logisarome almirela montferrer \
        cadelmar besolla llum; do
        sme "$name" open_letter
        sme "$name" accept '{"conditions_accepted":true}'
    done
    sme loirelle decline '{"reason":"Our plant is full until 2029."}'
    # The letters of the others count as received after ten days.
    sme vilardell appeal '{"ground":"factual_error","explanation":"Our staff is part-time."}'
    sme dermetrie open_letter
    sme dermetrie appeal '{"ground":"procedure","explanation":"Annex 3 was not read."}'
    until_day 2027-03-15
    by "$board_of_appeal" vilardell reject_appeal \
        '{"motivation":"Part-time staff was counted as such."}'
    by "$board_of_appeal" dermetrie uphold '{"motivation":"Annex 3 was indeed overlooked."}'
    by "$manager" dermetrie assign \
        "{\"evaluators\":[\"${evaluator_ids[1]}\",\"${evaluator_ids[2]}\"]}"
    score "${evaluators[1]}" 74 dermetrie
    score "${evaluators[2]}" 70 dermetrie
    propose dermetrie '{"outcome":"select","reasons":"With annex 3 the plan convinces."}'
    by "$chair" dermetrie release '{"minutes":"PV-2027-03-15"}'
    sme dermetrie open_letter
    sme dermetrie accept '{"conditions_accepted":true}'
    board
    until_day 2027-03-26
    echo "    ${title_of[torregrana]} never answered; its place goes to the reserve list"
    by "$manager" azahar promote
    sme azahar open_letter
    sme azahar accept '{"conditions_accepted":true}'
    board
}

# Those who have signed and take part.
enrolled=(orvane brenac thilivert huisne seve dermetrie aquilea logisarome almirela montferrer
    besolla llum azahar)

onboarding() {
    phase "Onboarding and diagnostic"
    each "${enrolled[@]}" -- sme sign_agreement '{"bank_details_sent":true,"data_consent":true,
        "export_turnover_eur":150000,"jobs":18}'
    bulk "$manager" countersign onboarding.programme_side.unsigned
    bulk "$mentor" contact_made enrolled.journey.diagnostic.contact
    until_day 2027-04-05
    by "$mentor" orvane diagnostic_done '{"score":172}'
    by "$mentor" seve diagnostic_done '{"score":78}'
    bulk "$mentor" diagnostic_done enrolled.journey.diagnostic.scan '{"score":124}'
    until_day 2027-04-20
    board
}

# monthly DAY [NAME]: everybody's short report, but for one who forgets.
monthly() {
    until_day "$1"
    local chosen
    chosen=$(for name in "${enrolled[@]}"; do
        [ "$name" = "${2:-}" ] || echo "${instance_of[$name]}"
    done | jq -Rnc '[inputs]')
    call POST "/v1/cohorts/$cohort/events" "$mentor" \
        "{\"event\":\"report\",\"instances\":$chosen,\"data\":{\"summary\":\"On plan.\"}}"
    acknowledge_outcomes
}

journey() {
    phase "Roadmap and market"
    monthly 2027-04-20 huisne
    bulk "$mentor" propose_roadmap enrolled.journey.roadmap \
        '{"milestones":[{"what":"price list","due":"2027-06-30"},
                        {"what":"mission","due":"2027-09-27"}]}'
    sme orvane request_voucher '{"amount_eur":1800,"purpose":"trade_fair"}'
    sme brenac request_voucher '{"amount_eur":2000,"purpose":"advice"}'
    cluster orvane check_ok '{"other_grants_eur":12000}'
    by "$manager" orvane award
    sme orvane sign_voucher
    sme brenac give_up_voucher
    until_day 2027-04-28
    sme almirela request_extension '{"days_wanted":14,"reason":"Our export lead is on leave."}'
    cluster almirela grant_extension
    sme thilivert withdraw '{"reason":"Bought by a group that exports already."}'
    local standard=(brenac huisne seve dermetrie aquilea logisarome montferrer besolla llum azahar)
    each "${standard[@]}" -- sme roadmap_agreed
    until_day 2027-05-12
    sme almirela roadmap_agreed
    each "${standard[@]}" almirela orvane -- sme market_chosen '{"markets":["ae"]}'
    monthly 2027-05-18 huisne
    by "$manager" seve freeze '{"reason":"Recall of a product."}'
    until_day 2027-06-10
    board
}

readiness() {
    phase "Getting ready"
    echo "    ${title_of[huisne]} missed two monthly reports and is at risk; a plan brings it back"
    by "$mentor" huisne recover '{"plan":"A fixed day for the report, and a call each week."}'
    by "$finance" logisarome report_breach '{"reason":"The same stand was paid by another grant."}'
    cluster logisarome record_hearing '{"statement":"An oversight, the company says."}'
    monthly 2027-06-16
    by "$manager" logisarome exclude '{"reason":"Double funding."}'
    monthly 2027-07-15
    by "$manager" seve resume '{"reason_ended":true}'
    local going=(orvane brenac huisne seve dermetrie aquilea almirela montferrer besolla llum
        azahar)
    bulk "$mentor" session_held enrolled.journey.readiness '{"attended":true}'
    each "${going[@]}" -- sme record_price_list '{"reference":"price-list-2027.pdf"}'
    each "${going[@]}" -- sme record_distributors '{"found":6}'
    bulk_tracks "$mentor" classified classify '{"category":"ordinary"}'
    bulk_tracks "$mentor" gap_closed gap_analysis '{"formula_allowed":true,"claims_feasible":true}'
    bulk "$mentor" ready enrolled.journey.readiness
    monthly 2027-08-13
    board
}

mission() {
    phase "The mission"
    until_day 2027-08-30
    bulk "$mentor" seat_confirmed enrolled.journey.mission_prep \
        '{"deposit_paid":true,"travel_papers":true,"meetings":8}'
    monthly 2027-09-10
    until_day 2027-10-01
    by "$mentor" besolla no_show
    bulk "$mentor" attended enrolled.journey.mission '{"presence":1}'
    sme orvane claim '{"travel_proof":"boarding-passes.pdf"}'
    cluster orvane accept_technical
    by "$finance" orvane approve_financial '{"iban_verified":true}'
    by "$finance" orvane paid '{"amount_eur":1740}'
    monthly 2027-10-08
    graduates=(orvane brenac huisne seve dermetrie aquilea almirela montferrer llum azahar)
    each "${graduates[@]}" -- sme mission_report \
        '{"meetings_held":8,"lessons":"Shorter pitch, local labels."}'
    board
}

closing() {
    phase "Follow-up and closing"
    monthly 2027-11-05
    cluster besolla record_hearing '{"statement":"The team was ill; no substitute was found."}'
    by "$manager" besolla drop '{"reason":"No recovery plan was agreed."}'
    each "${graduates[@]}" -- sme leads_reported '{"leads":5,"decided":5}'
    each "${graduates[@]}" -- sme submit_final_report \
        '{"reference":"final-report.pdf","satisfaction":5}'
    by "$manager" montferrer final_report_returned '{"reason":"The lead table is missing."}'
    sme montferrer submit_final_report '{"reference":"final-report-2.pdf","satisfaction":4}'
    until_day 2027-11-22
    bulk "$manager" final_report_accepted enrolled.journey.closing.review
    board
}

impact() {
    phase "Impact, six months after"
    until_day 2028-05-29
    local name
    for name in "${graduates[@]}"; do
        [ "$name" = llum ] || sme "$name" answer_survey \
            '{"export_turnover_eur":320000,"jobs":21,"agreements":1}'
    done
    until_day 2028-07-10
    board
}

# ---------------------------------------------------------------- what the log says

ending() {
    phase "Who graduated, who left and why, from the log"
    local name
    : >"$work/log"
    for name in "${names[@]}"; do
        call GET "/v1/instances/${instance_of[$name]}/history?limit=200" "$manager"
        if [ "$(field .next_cursor)" != null ]; then
            echo "a history of more than 200 entries" >&2
            exit 1
        fi
        field '.items[] | "'"${instance_of[$name]}"' \(.sequence) \(.event)"' >>"$work/log"
        # Graduates by the entry that made them so; everybody else by the last one, with the reason
        # that it, or the decision behind it, was given.
        field --arg name "${title_of[$name]}" '
            def left($width): . + " " * ([1, $width - length] | max);
            def last_of($event): .items | map(select(.event == $event)) | last;
            (last_of("final_report_accepted") // (.items | last)) as $ending
            | (.items | last | .to[0]) as $state
            | (if $ending.event == "final_report_accepted" then "graduated"
               else $state end) as $group
            | ({ineligible: (last_of("find_ineligible").data.reason_code
                             // "no answer to the clarification"),
                rejected: last_of("propose").data.reasons,
                graduated: (if $state == "archived_no_answer" then "survey unanswered"
                            else null end)}[$group]
               // $ending.data.reason // $ending.data.motivation) as $why
            | "\($group)|      " + ($name | left(28)) + $ending.at[0:10] + "  " + $ending.event
              + (if $why then ": " + $why else "" end)' >>"$work/ends"
    done
    sort "$work/ends" | awk -F'|' '$1 != last { print "    " $1; last = $1 } { print $2 }'
    # The tracks of the markets are instances of their own.
    local track
    call GET "/v1/instances?workflow=regulatory-track&cohort=$cohort&limit=100" "$manager"
    for track in $(field '.items[].id'); do
        call GET "/v1/instances/$track/history?limit=200" "$manager"
        field '.items[] | "'"$track"' \(.sequence) \(.event)"' >>"$work/log"
    done
    local lost
    lost=$(sort -u "$work/acknowledged" | comm -23 - <(sort -u "$work/log") | wc -l)
    echo
    printf '    %s acknowledged steps, %s entries in the log, %s lost' \
        "$(wc -l <"$work/acknowledged")" "$(wc -l <"$work/log")" "$lost"
    printf ' · %s requests, %s restarts, %s s\n' "$requests" "$restarts" "$SECONDS"
    [ "$lost" = 0 ]
}

look_around() {
    cat <<EOT

The server is still running (process $server, data in $data). To look around:

  export TOKEN=$SILLAGE_ADMIN_TOKEN AT=http://127.0.0.1:$port
  get() { curl -s -H "Authorization: Bearer \$TOKEN" "\$AT/v1/\$1" | jq .; }
  get cohorts/$cohort/board
  get instances/${instance_of[orvane]}
  get instances/${instance_of[orvane]}/actions
  get "instances/${instance_of[seve]}/history?limit=200"

  kill $server    # when you have seen enough; \`rm -rf $work\` removes the data
EOT
}

SECONDS=0
start_server
register
applications
eligibility
evaluation
decision
onboarding
journey
readiness
mission
closing
impact
ending
finished=true
$keep && look_around
exit 0
