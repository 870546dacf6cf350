#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "server/catalogue/event.hpp"
#include "tests/server/routes/world.hpp"

namespace sillage::test {

/// One company's run through a workflow with hidden states, sheets and events of its own, and
/// people of every kind who listen: `ana` (sme), `eva` and `eric` (evaluators), `mia` (manager),
/// `ivo` (integration), `olga` (another company's sme).
struct Tale {
    /// `before` is shown the store before anything runs there.
    explicit Tale(const std::function<void(Store&)>& before = [](Store& /*store*/) {});

    void step(const std::string& as, const std::string& event, const std::string& data = "null") {
        world.step(instance, as, event, data);
    }
    /// All that the log holds.
    [[nodiscard]] std::vector<server::LogPiece> pieces();
    [[nodiscard]] server::Account account(const std::string& name);
    /// What the last entry tells that account.
    [[nodiscard]] std::vector<server::CloudEvent> last_told(const std::string& name);

    World world;
    std::string cluster;
    std::string cohort;
    std::string company;
    std::string instance;
    /// By name.
    std::map<std::string, std::string> ids;
};

/// Types in order, without `sillage.instance.`, a blank after each.
[[nodiscard]] std::string types_of(const std::vector<server::CloudEvent>& events);
/// The data of the first event of that type; the test ends when there is none.
[[nodiscard]] boost::json::object data_of(const std::vector<server::CloudEvent>& events,
                                          std::string_view type);

}  // namespace sillage::test
