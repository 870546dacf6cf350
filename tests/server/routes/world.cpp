#include "tests/server/routes/world.hpp"

#include <fstream>
#include <iterator>

#include "engine/base/json.hpp"
#include "server/auth/token.hpp"
#include "server/http/text.hpp"
#include "server/routes/login_desk.hpp"
#include "tests/support/await.hpp"

namespace sillage::test {

const std::string& export_readiness() {
    static const std::string text = [] {
        std::ifstream file(SILLAGE_SOURCE_DIR "/tests/server/routes/export-readiness.yaml");
        return std::string(std::istreambuf_iterator<char>(file), {});
    }();
    return text;
}

boost::json::object Reply::json() const { return ok(parse_json(text)).as_object(); }

boost::json::value Reply::at(std::string_view pointer) const {
    boost::json::value value = ok(parse_json(text));
    boost::json::error_code error;
    const boost::json::value* found = value.find_pointer(pointer, error);
    if (found == nullptr) {
        FAIL("nothing at " << std::string(pointer) << " of " << text);
    }
    return *found;
}

std::string Reply::text_at(std::string_view pointer) const {
    const boost::json::value value = at(pointer);
    return value.is_string() ? std::string(value.get_string()) : to_json_text(value);
}

std::string Reply::header(std::string_view name) const {
    return std::string(headers.find(name).value_or(""));
}

namespace {

Error full() { return Error{.code = ErrorCode::storage_full, .message = "The disk is full."}; }

}  // namespace

Result<std::unique_ptr<Transaction>> FillingStore::begin() {
    if (room && --*room < 0) {
        return full();
    }
    return memory_.begin();
}

void FillingStore::sync(const std::function<void(Result<void>)>& done) {
    --lost_syncs;
    done(full());
}

Result<void> FillingStore::ready() { return room && *room <= 0 ? full() : memory_.ready(); }

World::World()
    : services{.gate = gate,
               .random =
                   [this](std::span<std::uint8_t> bytes) {
                       for (std::uint8_t& byte : bytes) {
                           byte = chance_++;
                       }
                       bytes.front() = ++rounds_;
                   },
               .holders = std::make_unique<server::Holders>(server::token_hash(admin_token))} {
    services.login = std::make_shared<server::LoginDesk>();
    services.login->base_url = "https://sillage.example.org";
    server::add_routes(router, services);
}

server::Request World::request(const Ask& ask) const {
    server::Request request{.method = server::method_named(ask.method), .now = now};
    ok(server::read_target(ask.path, request));
    if (!ask.as.empty()) {
        const auto named = tokens_.find(ask.as);
        const std::string token = ask.as == "admin"        ? std::string(admin_token)
                                  : named == tokens_.end() ? ask.as
                                                           : named->second;
        request.headers.add("Authorization", "Bearer " + token);
    }
    if (!ask.body.empty()) {
        request.headers.add("Content-Type", ask.content_type);
        request.body = ask.body;
    }
    for (const server::Field& field : ask.headers) {
        request.headers.set(field.name, field.value);
    }
    return request;
}

Reply World::reply(const server::Response& response) {
    return Reply{.status = static_cast<int>(response.status),
                 .headers = response.headers,
                 .text = response.body};
}

Reply World::ask(const Ask& ask) { return reply(await(router.answer(request(ask)))); }

Reply World::get(const std::string& path, const std::string& as) {
    return ask({.path = path, .as = as});
}

Reply World::post(const std::string& path, const std::string& body, const std::string& as) {
    return ask({.method = "POST", .path = path, .as = as, .body = body});
}

Reply World::patch(const std::string& path, const std::string& body, const std::string& as) {
    return ask({.method = "PATCH",
                .path = path,
                .as = as,
                .body = body,
                .content_type = "application/merge-patch+json"});
}

namespace {

std::string id_of(const Reply& reply) {
    if (reply.status != 201) {
        FAIL("not created: " << reply.text);
    }
    return reply.text_at("/id");
}

}  // namespace

std::string World::cluster(const std::string& name) {
    return id_of(post("/v1/clusters", R"({"name":")" + name + R"(","country":"FR"})"));
}

std::string World::company(const std::string& cluster, const std::string& name) {
    return id_of(post("/v1/companies", R"({"cluster":")" + cluster + R"(","name":")" + name +
                                           R"(","country":"FR","segment":"ingredients",)" +
                                           R"("headcount":18,"turnover_eur":2400000})"));
}

std::string World::account(const std::string& name, const std::string& roles) {
    const std::string id =
        id_of(post("/v1/accounts", R"({"name":")" + name + R"(","roles":)" + roles + "}"));
    const Reply token = post("/v1/accounts/" + id + "/tokens", R"({"name":"laptop"})");
    tokens_[name] = token.text_at("/token");
    return id;
}

std::string World::cohort(const std::string& cluster) {
    return id_of(post(
        "/v1/cohorts",
        R"({"cluster":")" + cluster + R"(","workflow":"export-readiness","name":"Spring 2027"})"));
}

std::string World::instance(const std::string& company, const std::string& cohort) {
    return id_of(post("/v1/instances",
                      R"({"workflow":"export-readiness","company":")" + company + R"(","cohort":)" +
                          (cohort.empty() ? std::string("null") : "\"" + cohort + "\"") + "}"));
}

void World::publish() {
    const Reply reply = ask({.method = "POST",
                             .path = "/v1/workflows",
                             .body = export_readiness(),
                             .content_type = "application/yaml"});
    if (reply.status != 201) {
        FAIL("not published: " << reply.text);
    }
}

void World::step(const std::string& instance, const std::string& as, const std::string& event,
                 const std::string& data) {
    const Reply reply = post("/v1/instances/" + instance + "/events",
                             R"({"event":")" + event + R"(","data":)" + data + "}", as);
    if (reply.status != 200) {
        FAIL(event << " was refused: " << reply.text);
    }
}

void check_cases(World& world, const std::vector<Case>& cases) {
    for (const Case& row : cases) {
        CAPTURE(row.name);
        const Reply reply = world.ask(row.ask);
        CAPTURE(reply.text);
        CHECK(reply.status == row.status);
        for (const std::string& text : row.expected) {
            CAPTURE(text);
            CHECK(reply.text.find(text) != std::string::npos);
        }
        for (const std::string& text : row.forbidden) {
            CAPTURE(text);
            CHECK(reply.text.find(text) == std::string::npos);
        }
    }
}

}  // namespace sillage::test
