#include "server/outward/target.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace sillage::server {
namespace {

constexpr std::uint16_t https_port = 443;
constexpr std::uint16_t http_port = 80;
/// RFC 1035, 2.3.4.
constexpr std::size_t name_characters_max = 253;
constexpr std::size_t label_characters_max = 63;

/// A network, written as its first address.
struct Network {
    const char* address;
    unsigned prefix;
};

// The IANA IPv4 special-purpose registry, and what is no unicast.
constexpr std::array refused_v4{
    Network{"0.0.0.0", 8},      Network{"10.0.0.0", 8},     Network{"100.64.0.0", 10},
    Network{"127.0.0.0", 8},    Network{"169.254.0.0", 16}, Network{"172.16.0.0", 12},
    Network{"192.0.0.0", 24},   Network{"192.0.2.0", 24},   Network{"192.88.99.0", 24},
    Network{"192.168.0.0", 16}, Network{"198.18.0.0", 15},  Network{"198.51.100.0", 24},
    Network{"203.0.113.0", 24}, Network{"224.0.0.0", 4},    Network{"240.0.0.0", 4}};

/// The only IPv6 addresses that are global unicast, and what of them is none after all: IETF
/// protocols with Teredo, documentation, 6to4.
constexpr Network global_v6{"2000::", 3};
constexpr std::array refused_v6{Network{"2001::", 23}, Network{"2001:db8::", 32},
                                Network{"2002::", 16}, Network{"3fff::", 20}};

template <class Bytes>
bool shares_prefix(const Bytes& left, const Bytes& right, unsigned prefix) {
    for (unsigned bit = 0; bit < prefix; ++bit) {
        const unsigned mask = 0x80U >> (bit % 8);
        if (((left[bit / 8] ^ right[bit / 8]) & mask) != 0) {
            return false;
        }
    }
    return true;
}

bool lies_in(const net::ip::address& address, const net::ip::address& network, unsigned prefix) {
    if (address.is_v4() != network.is_v4()) {
        return false;
    }
    return address.is_v4()
               ? shares_prefix(address.to_v4().to_bytes(), network.to_v4().to_bytes(), prefix)
               : shares_prefix(address.to_v6().to_bytes(), network.to_v6().to_bytes(), prefix);
}

bool lies_in(const net::ip::address& address, const Network& network) {
    return lies_in(address, net::ip::make_address(network.address), network.prefix);
}

std::optional<net::ip::address> address_in(std::string_view text) {
    if (text.find('%') != std::string_view::npos) {  // a zone names an interface of this machine
        return std::nullopt;
    }
    boost::system::error_code error;
    const auto address = net::ip::make_address(std::string(text), error);
    return error ? std::nullopt : std::optional(address);
}

Error bad_url(std::string why) {
    return Error{.code = ErrorCode::invalid_argument,
                 .message = "The URL " + std::move(why) + ".",
                 .where = "/url"};
}

Error not_called(std::string why) {
    return Error{.code = ErrorCode::forbidden, .message = std::move(why), .where = "/url"};
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

std::optional<std::uint16_t> port_in(std::string_view text) {
    std::uint16_t port = 0;
    const char* const end = text.data() + text.size();
    const auto [last, error] = std::from_chars(text.data(), end, port);
    return error == std::errc{} && last == end && port != 0 ? std::optional(port) : std::nullopt;
}

bool is_label(std::string_view label) {
    const auto belongs = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    return !label.empty() && label.size() <= label_characters_max &&
           std::ranges::all_of(label, belongs) && label.front() != '-' && label.back() != '-';
}

/// Whether resolvers would read it as a number, and so as an address in disguise.
bool is_number(std::string_view label) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return label.starts_with("0x") || std::ranges::all_of(label, is_digit);
}

/// Whether it is a name that is to be looked up; in lower case.
bool is_name(std::string_view host) {
    if (host.empty() || host.size() > name_characters_max) {
        return false;
    }
    std::string_view last;
    for (std::string_view rest = host;;) {
        last = rest.substr(0, rest.find('.'));
        if (!is_label(last)) {
            return false;
        }
        if (last.size() == rest.size()) {
            return !is_number(last);
        }
        rest.remove_prefix(last.size() + 1);
    }
}

/// A host and, behind a colon, perhaps a port; an IPv6 address stands in brackets.
struct Authority {
    std::string host = {};
    std::optional<net::ip::address> address = {};  ///< when the host is one
    std::optional<std::uint16_t> port = {};
};

std::optional<Authority> authority_in(std::string_view text) {
    Authority found;
    std::string_view rest;
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos) {
            return std::nullopt;
        }
        found.host = lower(text.substr(1, end - 1));
        found.address = address_in(found.host);
        rest = text.substr(end + 1);
        if (!found.address || !found.address->is_v6()) {
            return std::nullopt;
        }
    } else {
        const std::size_t colon = std::min(text.find(':'), text.size());
        found.host = lower(text.substr(0, colon));
        found.address = address_in(found.host);
        rest = text.substr(colon);
        if (!is_name(found.host) && !(found.address && found.address->is_v4())) {
            return std::nullopt;
        }
    }
    if (!rest.empty()) {
        found.port = rest.starts_with(':') ? port_in(rest.substr(1)) : std::nullopt;
        if (!found.port) {
            return std::nullopt;
        }
    }
    return found;
}

/// Of what is not allowed by name.
Result<void> check_form(const Target& target) {
    if (!target.is_tls || target.port != https_port) {
        return not_called(
            "Only https:// on port 443 is called, but where webhook_allow says more.");
    }
    return success();
}

}  // namespace

std::string Target::authority() const {
    const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
    return port == (is_tls ? https_port : http_port) ? name : name + ":" + std::to_string(port);
}

Result<Target> parse_target(std::string_view url) {
    const auto is_taken = [](char c) { return c > ' ' && c <= '~' && c != '\\'; };
    if (url.size() > target_characters_max || !std::ranges::all_of(url, is_taken)) {
        return bad_url("has more than 2,048 characters, or some that a URL does not have");
    }
    const std::size_t colon = std::min(url.find("://"), url.size());
    const std::string scheme = lower(url.substr(0, colon));
    if (scheme != "https" && scheme != "http") {
        return bad_url("must begin with https://");
    }
    const std::string_view behind = url.substr(colon + 3);
    const std::size_t end = std::min(behind.find_first_of("/?#"), behind.size());
    if (behind.find('#') != std::string_view::npos ||
        behind.substr(0, end).find('@') != std::string_view::npos) {
        return bad_url("may have neither a user nor a fragment");
    }
    const auto authority = authority_in(behind.substr(0, end));
    if (!authority) {
        return bad_url(
            "must name a host: a name in ASCII, four decimal numbers, or an IPv6 address in "
            "brackets");
    }
    Target target;
    target.is_tls = scheme == "https";
    target.host = authority->address ? authority->address->to_string() : authority->host;
    target.port = authority->port.value_or(target.is_tls ? https_port : http_port);
    target.resource = behind.substr(end);
    if (!target.resource.starts_with('/')) {
        target.resource.insert(0, "/");
    }
    return target;
}

bool is_public(const net::ip::address& address) {
    const auto holds = [&](const Network& network) { return lies_in(address, network); };
    if (address.is_v4()) {
        return std::ranges::none_of(refused_v4, holds);
    }
    return lies_in(address, global_v6) && std::ranges::none_of(refused_v6, holds);
}

Result<AllowedTargets::Entry> AllowedTargets::read_entry(std::string_view word) {
    Entry entry;
    const std::size_t slash = word.find('/');
    if (slash != std::string_view::npos) {
        const auto network = address_in(word.substr(0, slash));
        const std::string_view digits = word.substr(slash + 1);
        const auto [last, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), entry.prefix);
        const bool is_whole = error == std::errc{} && last == digits.data() + digits.size();
        if (network && is_whole && entry.prefix <= (network->is_v4() ? 32U : 128U)) {
            entry.network = *network;
            return entry;
        }
    } else if (const auto bare = address_in(word)) {
        entry.network = *bare;
        entry.prefix = bare->is_v4() ? 32 : 128;
        return entry;
    } else if (const auto authority = authority_in(word)) {
        entry.port = authority->port.value_or(0);
        if (authority->address) {
            entry.network = *authority->address;
            entry.prefix = authority->address->is_v4() ? 32 : 128;
        } else {
            entry.name = authority->host;
        }
        return entry;
    }
    return Error{.code = ErrorCode::invalid_argument,
                 .message = "\"" + std::string(word) +
                            "\" is no address, network or name that may be called, such as "
                            "10.1.0.0/16 or hooks.intra:8443."};
}

Result<AllowedTargets> AllowedTargets::read(std::string_view text) {
    AllowedTargets allowed;
    while (!text.empty()) {
        std::string_view word = text.substr(0, text.find(','));
        text.remove_prefix(std::min(word.size() + 1, text.size()));
        while (word.starts_with(' ')) {
            word.remove_prefix(1);
        }
        while (word.ends_with(' ')) {
            word.remove_suffix(1);
        }
        if (!word.empty()) {
            SILLAGE_TRY(auto entry, read_entry(word));
            allowed.entries_.push_back(std::move(entry));
        }
    }
    return allowed;
}

bool AllowedTargets::has(const Target& target) const {
    const auto address = address_in(target.host);
    return std::ranges::any_of(entries_,
                               [&](const Entry& entry) {
                                   return !entry.name.empty() && !address &&
                                          entry.name == target.host &&
                                          (entry.port == 0 || entry.port == target.port);
                               }) ||
           (address && has(*address, target.port));
}

bool AllowedTargets::has(const net::ip::address& address, std::uint16_t port) const {
    return std::ranges::any_of(entries_, [&](const Entry& entry) {
        return entry.name.empty() && lies_in(address, entry.network, entry.prefix) &&
               (entry.port == 0 || entry.port == port);
    });
}

bool AllowedTargets::has_networks() const {
    return std::ranges::any_of(entries_, [](const Entry& entry) { return entry.name.empty(); });
}

Result<void> check_target(const Target& target, const AllowedTargets& allowed) {
    const auto address = address_in(target.host);
    if (allowed.has(target) || (!address && allowed.has_networks())) {
        return success();
    }
    if (address && !is_public(*address)) {
        return not_called(
            "The address " + target.host +
            " is not on the Internet; webhook_allow lets the operator's own through.");
    }
    return check_form(target);
}

Result<void> check_address(const Target& target, const net::ip::address& address,
                           const AllowedTargets& allowed) {
    if (allowed.has(target) || allowed.has(address, target.port)) {
        return success();
    }
    if (!is_public(address)) {
        return not_called(target.host + " leads to " + address.to_string() +
                          ", which is not on the Internet.");
    }
    return check_form(target);
}

}  // namespace sillage::server
