#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/runtime/runtime.hpp"
#include "engine/store/memory/memory_store.hpp"
#include "server/gate/gate.hpp"
#include "server/http/router.hpp"
#include "server/routes/routes.hpp"
#include "tests/support/ok.hpp"

namespace sillage::test {

/// The workflow of language.md, section 1.
[[nodiscard]] const std::string& export_readiness();

/// Who the administrator's token of a World is.
inline constexpr std::string_view admin_token = "the-administrators-token";

/// One request of a test.
struct Ask {
    std::string method = "GET";
    /// With the query.
    std::string path = {};
    /// A name given to World::account, `admin`, a token, or empty for none.
    std::string as = "admin";
    std::string body = {};
    std::vector<server::Field> headers = {};
    std::string content_type = "application/json";
};

struct Reply {
    int status = 0;
    server::Headers headers = {};
    std::string text = {};

    [[nodiscard]] boost::json::object json() const;
    /// The value at a JSON pointer; the test ends when there is none.
    [[nodiscard]] boost::json::value at(std::string_view pointer) const;
    /// Its text.
    [[nodiscard]] std::string text_at(std::string_view pointer) const;
    [[nodiscard]] std::string header(std::string_view name) const;
};

/// A store in memory whose disk can be full, or seem to take what it then does not.
class FillingStore final : public Store {
  public:
    [[nodiscard]] Result<std::unique_ptr<ReadView>> read() override { return memory_.read(); }
    [[nodiscard]] Result<std::unique_ptr<Transaction>> begin() override;
    [[nodiscard]] Result<void> ready() override;
    [[nodiscard]] std::uint64_t registry_revision() const override {
        return memory_.registry_revision();
    }
    [[nodiscard]] Result<std::uint64_t> watch(DurableWitness witness) override {
        return memory_.watch(std::move(witness));
    }

    [[nodiscard]] bool needs_sync() override { return lost_syncs > 0; }
    void sync(const std::function<void(Result<void>)>& done) override;

    /// Transactions that there is room for; nothing: any number.
    std::optional<int> room;
    /// So many of the next syncs lose what they should keep.
    int lost_syncs = 0;

  private:
    MemoryStore memory_;
};

/// A whole API without sockets: a store in memory, the engine's thread, the routes, a clock that
/// stands still.
class World {
  public:
    World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    Reply ask(const Ask& ask);
    /// What `ask` sends, and how it shows the answer.
    [[nodiscard]] server::Request request(const Ask& ask) const;
    [[nodiscard]] static Reply reply(const server::Response& response);
    Reply get(const std::string& path, const std::string& as = "admin");
    Reply post(const std::string& path, const std::string& body, const std::string& as = "admin");
    Reply patch(const std::string& path, const std::string& body, const std::string& as = "admin");

    /// The id of a new thing; the test ends when it is refused.
    std::string cluster(const std::string& name);
    std::string company(const std::string& cluster, const std::string& name);
    /// `roles` is the JSON of the list. The account's token is found under `name`.
    std::string account(const std::string& name, const std::string& roles);
    std::string cohort(const std::string& cluster);
    /// Of export-readiness.
    std::string instance(const std::string& company, const std::string& cohort = "");
    void publish();
    /// Sends an event and expects it to be taken.
    void step(const std::string& instance, const std::string& as, const std::string& event,
              const std::string& data = "null");

    Instant now{1'798'761'600'000};
    FillingStore store;
    Runtime runtime{store, [this](std::span<std::uint8_t> bytes) { services.random(bytes); }};
    server::Gate gate{runtime};
    server::Services services;
    server::Router router;

  private:
    std::map<std::string, std::string> tokens_;
    std::uint8_t chance_ = 0;
    std::uint8_t rounds_ = 0;
};

/// A row of a table of requests.
struct Case {
    std::string name = {};
    Ask ask = {};
    int status = 200;
    /// What the body must hold, and what it must not.
    std::vector<std::string> expected = {};
    std::vector<std::string> forbidden = {};
};

/// Runs the rows in order.
void check_cases(World& world, const std::vector<Case>& cases);

}  // namespace sillage::test
