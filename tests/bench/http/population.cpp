#include "tests/bench/http/population.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <fstream>
#include <random>
#include <sstream>

namespace sillage::test {
namespace {

/// Enough that a list of a company's instances is none of everything.
constexpr std::size_t company_count_max = 10;

std::string request_text(std::string_view line, std::string_view token, std::string_view type,
                         std::string_view body) {
    return fmt::format(
        "{} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {}\r\nContent-Type: {}\r\n"
        "Content-Length: {}\r\n\r\n{}",
        line, token, type, body.size(), body);
}

/// Sets things up: one administrator's requests, one after another.
struct Administrator {
    std::uint16_t port;
    const std::string& token;

    boost::json::value post(std::string_view path, std::string_view body,
                            std::string_view type = "application/json") const {
        return boost::json::parse(
            fetch(port, request_text(fmt::format("POST {}", path), token, type, body)));
    }

    std::string post_for(const char* member, std::string_view path, std::string_view body) const {
        return std::string(post(path, body).at(member).as_string());
    }

    /// `roles`: bindings in JSON.
    std::string account_token(std::string_view name, const std::vector<std::string>& roles) const {
        const std::string account =
            post_for("id", "/v1/accounts",
                     fmt::format(R"({{"name":"{}","roles":[{}]}})", name, fmt::join(roles, ",")));
        return post_for("token", fmt::format("/v1/accounts/{}/tokens", account),
                        R"({"name":"bench"})");
    }

    std::string company(std::string_view cluster, std::size_t number) const {
        return post_for(
            "id", "/v1/companies",
            fmt::format(R"({{"cluster":"{}","name":"Maison {}","country":"FR","headcount":18}})",
                        cluster, number));
    }
};

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    must(file.good(), path + " can be read");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// The text between `before` and the next quote.
std::string_view quoted_after(std::string_view text, std::string_view before) {
    const std::size_t at = text.find(before);
    must(at != std::string_view::npos, "an answer has " + std::string(before));
    const std::string_view rest = text.substr(at + before.size());
    return rest.substr(0, rest.find('"'));
}

std::uint64_t sequence_in(std::string_view body) {
    constexpr std::string_view member = "\"sequence\":";
    const std::size_t at = body.find(member);
    must(at != std::string_view::npos, "an answer has a sequence");
    std::uint64_t sequence = 0;
    const char* begin = body.data() + at + member.size();
    const auto [end, error] = std::from_chars(begin, body.data() + body.size(), sequence);
    must(error == std::errc{} && end != begin, "a sequence is a number");
    return sequence;
}

/// A path with `{}`, and what stands before and after the id.
struct PathAround {
    std::string before;
    std::string after;

    explicit PathAround(const std::string& path) {
        const std::size_t at = path.find("{}");
        must(at != std::string::npos, "the path has {} for the id");
        before = path.substr(0, at);
        after = path.substr(at + 2);
    }
};

/// Which instance each connection is at: connection c has c, c + n, c + 2n and so on for its own.
class Turns {
  public:
    Turns(std::size_t connection_count, std::size_t instance_count)
        : current_(connection_count), step_(connection_count), instance_count_(instance_count) {
        must(instance_count >= connection_count, "there is an instance for each connection");
        for (std::size_t index = 0; index < connection_count; ++index) {
            current_[index] = index;
        }
    }

    [[nodiscard]] std::size_t current(std::size_t connection) const { return current_[connection]; }

    void advance(std::size_t connection) {
        current_[connection] += step_;
        if (current_[connection] >= instance_count_) {
            current_[connection] = connection;
        }
    }

  private:
    std::vector<std::size_t> current_;
    std::size_t step_;
    std::size_t instance_count_;
};

}  // namespace

Population read_population(const std::string& path) {
    std::ifstream file(path);
    Population population;
    std::getline(file, population.tokens[0]);
    std::getline(file, population.tokens[1]);
    must(file.good(), path + " begins with two tokens");
    for (Instance instance; file >> instance.id >> instance.sequence;) {
        population.instances.push_back(instance);
    }
    must(file.eof() && !population.instances.empty(), path + " has instances");
    // In no order, so that neighbours in a turn are none in the database; the same in every run.
    std::shuffle(population.instances.begin(), population.instances.end(), std::mt19937(1));
    return population;
}

void write_population(const std::string& path, const Population& population) {
    std::ofstream file(path);
    file << population.tokens[0] << '\n' << population.tokens[1] << '\n';
    for (const Instance& instance : population.instances) {
        file << instance.id << ' ' << instance.sequence << '\n';
    }
    file.close();
    must(file.good(), path + " can be written");
}

Population start_instances(const LoadOptions& options, const std::string& chart,
                           const std::string& admin_token, std::size_t count) {
    const Administrator administrator{.port = options.port, .token = admin_token};
    const auto published =
        administrator.post("/v1/workflows", read_file(chart), "application/yaml");
    const std::string workflow(published.at("name").as_string());
    const std::string cluster =
        administrator.post_for("id", "/v1/clusters", R"({"name":"Bench","country":"FR"})");
    std::vector<std::string> companies;
    for (std::size_t number = 0; number < std::min(company_count_max, count); ++number) {
        companies.push_back(administrator.company(cluster, number));
    }
    std::vector<std::string> owners;
    for (const std::string& company : companies) {
        owners.push_back(fmt::format(R"({{"role":"sme","company":"{}"}})", company));
    }
    Population population;
    population.tokens[0] = administrator.account_token("Company", owners);
    population.tokens[1] = administrator.account_token(
        "Mentor", {fmt::format(R"({{"role":"mentor","cluster":"{}"}})", cluster)});
    population.instances.reserve(count);

    std::size_t asked = 0;
    Exchange exchange;
    exchange.next = [&](std::size_t, std::string& request) {
        if (asked == count) {
            return false;
        }
        const std::string body = fmt::format(R"({{"workflow":"{}","company":"{}"}})", workflow,
                                             companies[asked++ % companies.size()]);
        request = request_text("POST /v1/instances", admin_token, "application/json", body);
        return true;
    };
    exchange.answered = [&](std::size_t, const Answer& answer) {
        must(answer.status == 201, "an instance starts: " + std::string(answer.body));
        population.instances.push_back({.id = std::string(quoted_after(answer.body, "\"id\":\""))});
    };
    LoadOptions all = options;
    all.warm = all.measured = std::chrono::milliseconds{0};
    static_cast<void>(run_load(all, exchange));
    return population;
}

Figures send_events(const LoadOptions& options, const std::string& path, Population& population,
                    std::size_t count) {
    const PathAround around(path);
    std::vector<std::string> ends;
    for (const CycleEvent& event : cycle) {
        ends.push_back(around.after + request_text("", population.tokens[event.sender],
                                                   "application/json", event.body));
    }
    Turns turns(options.connection_count, population.instances.size());
    std::size_t sent = 0;
    Exchange exchange;
    exchange.next = [&](std::size_t connection, std::string& request) {
        if (sent == count) {
            return false;
        }
        ++sent;
        const Instance& instance = population.instances[turns.current(connection)];
        request.append("POST ").append(around.before).append(instance.id);
        request.append(ends[(instance.sequence - 1) % cycle.size()]);
        return true;
    };
    exchange.answered = [&](std::size_t connection, const Answer& answer) {
        Instance& instance = population.instances[turns.current(connection)];
        must(answer.status == 200, "an event is accepted: " + std::string(answer.body));
        must(sequence_in(answer.body) == ++instance.sequence, "the sequence grows by one");
        turns.advance(connection);
    };
    return run_load(options, exchange);
}

Figures read_instances(const LoadOptions& options, const std::string& path,
                       const Population& population) {
    const PathAround around(path);
    const std::string end = around.after + request_text("", population.tokens[0], "text/plain", "");
    Turns turns(options.connection_count, population.instances.size());
    Exchange exchange;
    exchange.next = [&](std::size_t connection, std::string& request) {
        request.append("GET ").append(around.before);
        request.append(population.instances[turns.current(connection)].id).append(end);
        return true;
    };
    exchange.answered = [&](std::size_t connection, const Answer& answer) {
        const std::string& id = population.instances[turns.current(connection)].id;
        must(answer.status == 200, "an instance can be read: " + std::string(answer.body));
        must(answer.body.find(id) != std::string_view::npos, "the answer is about the instance");
        turns.advance(connection);
    };
    return run_load(options, exchange);
}

}  // namespace sillage::test
