#include "server/routes/company_record.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "engine/company/segment.hpp"
#include "engine/company/sme_class.hpp"
#include "server/routes/members.hpp"
#include "server/routes/registry.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

/// A bound against slips of the keyboard: no company has ten million employees or 10^13 euros.
constexpr double headcount_max = 1e7;
constexpr double money_eur_max = 1e13;
/// As long as the keys of instances.
constexpr std::size_t key_characters_max = 255;
/// Chosen: a group with more has its figures consolidated.
constexpr std::size_t enterprises_max = 100;
/// Chosen: more closed years than two change nothing once the class has settled.
constexpr std::size_t earlier_years_max = 5;
/// Percent; who holds more is linked (Recommendation 2003/361/EC, annex, article 3(3)).
constexpr double partner_share_max = 50;

void add_figures(std::vector<sillage::Field>& members) {
    members.push_back(number_member("headcount", SchemaType::integer, 0, headcount_max));
    members.push_back(number_member("turnover_eur", SchemaType::number, 0, money_eur_max));
    members.push_back(number_member("balance_sheet_eur", SchemaType::number, 0, money_eur_max));
}

sillage::Field segment_member() {
    sillage::Field segment = text_member("segment");
    for (const std::string_view name : value_chain_segments()) {
        segment.schema.enumeration.emplace_back(name);
    }
    return segment;
}

sillage::Field enterprises_member() {
    sillage::Field relation = required(text_member("relation"));
    relation.schema.enumeration = {"partner", "linked", "public_body"};
    std::vector<sillage::Field> members{required(text_member("name")), std::move(relation),
                                        number_member("share", SchemaType::number, 0, 100)};
    add_figures(members);
    sillage::Field field = list_member("enterprises", SchemaType::object);
    field.schema.items = std::make_shared<Schema>(
        Schema{.type = SchemaType::object, .properties = std::move(members)});
    return field;
}

/// Closed years before the last, the newest first; related enterprises' figures are within them.
sillage::Field earlier_years_member() {
    std::vector<sillage::Field> members;
    add_figures(members);
    sillage::Field field = list_member("earlier_years", SchemaType::object);
    field.schema.items = std::make_shared<Schema>(
        Schema{.type = SchemaType::object, .properties = std::move(members)});
    return field;
}

/// Everything that is kept of a company; `attributes` are a programme's own.
std::vector<sillage::Field> make_members() {
    sillage::Field key = text_member("key", key_characters_max);
    key.schema.min_length = 1;
    sillage::Field country = text_member("country", 2);
    country.schema.min_length = 2;
    sillage::Field website = text_member("website");
    website.schema.format = SchemaFormat::uri;
    std::vector<sillage::Field> members{required(text_member("cluster")), std::move(key),
                                        required(text_member("name")), std::move(country),
                                        segment_member()};
    add_figures(members);
    members.push_back(number_member("founded", SchemaType::integer, 1000, 9999));
    members.push_back(std::move(website));
    members.push_back(object_member("attributes"));
    members.push_back(enterprises_member());
    members.push_back(earlier_years_member());
    return members;
}

void drop_nulls(json::object& object) {
    json::object kept;
    for (json::key_value_pair& member : object) {
        if (!member.value().is_null()) {
            kept.emplace(member.key(), std::move(member.value()));
        }
    }
    object = std::move(kept);
}

/// Does that to the company, to each enterprise it is related to, and to each earlier year.
template <class Change>
void change_figures(json::object& company, const Change& change) {
    change(company);
    for (const auto* name : {"enterprises", "earlier_years"}) {
        json::value* list = company.if_contains(name);
        if (list == nullptr || !list->is_array()) {
            continue;
        }
        for (json::value& item : list->get_array()) {
            if (item.is_object()) {
                change(item.get_object());
            }
        }
    }
}

/// What the words of a schema cannot say of an enterprise that has them all.
std::string share_problem(const json::object& enterprise) {
    const json::value* share = enterprise.if_contains("share");
    const std::string relation = text_of(enterprise, "relation");
    if (share == nullptr && relation != "linked") {
        return "The share of capital or votes is asked for, in percent.";
    }
    if (relation == "partner" && share->to_number<double>() > partner_share_max) {
        return "A partner has at most 50 percent; with more it is \"linked\".";
    }
    return {};
}

void check_enterprises(const json::object& given, std::vector<SchemaProblem>& problems) {
    const json::value* enterprises = given.if_contains("enterprises");
    if (enterprises == nullptr) {
        return;
    }
    if (enterprises->get_array().size() > enterprises_max) {
        problems.push_back({.pointer = "/enterprises",
                            .rule = "maxItems",
                            .message = "At most 100 enterprises may stand here."});
        return;
    }
    std::size_t index = 0;
    for (const json::value& enterprise : enterprises->get_array()) {
        if (std::string message = share_problem(enterprise.get_object()); !message.empty()) {
            problems.push_back({.pointer = "/enterprises/" + std::to_string(index) + "/share",
                                .rule = "share",
                                .message = std::move(message)});
        }
        ++index;
    }
}

void check_earlier_years(const json::object& given, std::vector<SchemaProblem>& problems) {
    const json::value* years = given.if_contains("earlier_years");
    if (years != nullptr && years->get_array().size() > earlier_years_max) {
        problems.push_back({.pointer = "/earlier_years",
                            .rule = "maxItems",
                            .message = "At most 5 earlier years may stand here."});
    }
}

/// Numbers without a fraction are shown as they were given: 2400000, not 2400000.0.
void show_whole_numbers(json::object& object) {
    for (const auto* name : {"turnover_eur", "balance_sheet_eur", "share"}) {
        json::value* amount = object.if_contains(name);
        if (amount != nullptr && amount->is_double() &&
            std::trunc(amount->get_double()) == amount->get_double()) {
            *amount = static_cast<std::int64_t>(amount->get_double());
        }
    }
}

}  // namespace

const std::vector<sillage::Field>& company_members() {
    static const std::vector<sillage::Field> members = make_members();
    return members;
}

std::vector<SchemaProblem> check_company(json::object& given) {
    change_figures(given, drop_nulls);
    std::vector<SchemaProblem> problems = member_problems(given, company_members());
    if (problems.empty()) {
        check_enterprises(given, problems);
        check_earlier_years(given, problems);
    }
    if (problems.empty()) {
        given = normalise_fields(given, company_members());
    }
    return problems;
}

Result<json::object> checked_company(json::object given) {
    const auto problems = check_company(given);
    if (!problems.empty()) {
        return error_of_first(problems);
    }
    return given;
}

json::object company_body(const json::object& checked) {
    json::object body;
    for (const sillage::Field& member : company_members()) {
        const json::value* value = checked.if_contains(member.name);
        body.emplace(member.name, value == nullptr ? json::value(nullptr) : *value);
    }
    change_figures(body, show_whole_numbers);
    const auto size = sme_class_of(body);
    body.emplace("sme_class", size ? json::value(name_of(*size)) : json::value(nullptr));
    return body;
}

std::string company_lookup(std::string_view cluster, std::string_view key) {
    return key.empty() ? std::string() : std::string(cluster) + " " + std::string(key);
}

Result<std::optional<Record>> company_by_key(Reader& reader, std::string_view cluster,
                                             std::string_view key) {
    return reader.view().record_by_lookup(RecordKind::company, company_lookup(cluster, key));
}

Result<std::vector<Record>> companies_after(const Visit& visit, Reader& reader,
                                            const std::string& after, std::size_t limit) {
    const auto key = visit.request.query_parameter("key");
    if (!key) {
        return reader.view().records({.kind = RecordKind::company,
                                      .clusters = clusters_asked_for(visit),
                                      .after = after,
                                      .limit = limit});
    }
    SILLAGE_TRY(const auto clusters, all_clusters_asked_for(visit, reader));
    std::vector<Record> found;
    for (const std::string& cluster : clusters) {
        SILLAGE_TRY(auto company, company_by_key(reader, cluster, *key));
        if (company && company->id > after) {
            found.push_back(*std::move(company));
        }
    }
    std::ranges::sort(found, {}, &Record::id);
    found.resize(std::min(found.size(), limit));
    return found;
}

Result<void> write_company(Reader& reader, Record& record, json::object body, Instant now) {
    const std::string key = text_of(body, "key");
    if (!key.empty()) {
        SILLAGE_TRY(const auto holder, company_by_key(reader, record.cluster, key));
        if (holder && holder->id != record.id) {
            return Error{.code = ErrorCode::conflict,
                         .message = "The key " + key + " is taken in this cluster.",
                         .where = "/key"};
        }
    }
    record.lookup = company_lookup(record.cluster, key);
    stamp(record, std::move(body), now);
    return success();
}

}  // namespace sillage::server
