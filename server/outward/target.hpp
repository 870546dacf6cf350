#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"

// Which addresses others may have this server call. An address is given by somebody who is not the
// operator, so that what it leads to is asked twice: as it is written, and as it resolves. Threat
// TM12.

namespace sillage::server {

namespace net = boost::asio;

/// Longest address that is called.
inline constexpr std::size_t target_characters_max = 2'048;

/// Where a URL leads.
struct Target {
    bool is_tls = true;
    /// In lower case, an IPv6 address without its brackets.
    std::string host = {};
    std::uint16_t port = 0;
    /// Path and query. Ex. `/hooks?from=sillage`
    std::string resource = {};

    /// As the Host field has it. Ex. `hooks.example.org`, `[2a00::1]:8443`.
    [[nodiscard]] std::string authority() const;
    bool operator==(const Target&) const = default;
};

/// Reads an `https://` or `http://` URL strictly: no user, no fragment, nothing outside ASCII, and
/// an IPv4 address in no spelling but four decimal numbers. Errors: invalid_argument.
[[nodiscard]] Result<Target> parse_target(std::string_view url);

/// Whether packets to it leave for the Internet: no loopback, private, link-local, shared,
/// documentation, benchmark, multicast or reserved address, nor one that carries an IPv4 address
/// (mapped, 6to4, NAT64, Teredo). Source: the IANA special-purpose registries.
[[nodiscard]] bool is_public(const net::ip::address& address);

/// What the operator lets through besides: own machines, for tests and intranets.
class AllowedTargets {
  public:
    /// Addresses, networks and names, each perhaps with a port, commas between.
    /// Ex. `127.0.0.1, 10.1.0.0/16, hooks.intra:8443, [::1]:9000`. Errors: invalid_argument.
    [[nodiscard]] static Result<AllowedTargets> read(std::string_view text);

    [[nodiscard]] bool has(const Target& target) const;
    [[nodiscard]] bool has(const net::ip::address& address, std::uint16_t port) const;
    /// Whether a name may lead to something allowed.
    [[nodiscard]] bool has_networks() const;

  private:
    struct Entry {
        std::string name = {};  ///< empty: a network
        net::ip::address network = {};
        unsigned prefix = 0;
        std::uint16_t port = 0;  ///< 0: any
    };
    static Result<Entry> read_entry(std::string_view word);
    std::vector<Entry> entries_;
};

/// Whether it may be called as it is written: https on port 443, unless allowed; where networks are
/// allowed, what a name leads to decides later.
/// Errors: forbidden, saying why.
[[nodiscard]] Result<void> check_target(const Target& target, const AllowedTargets& allowed);

/// Whether an address that its host resolved to may be connected to. Errors: forbidden.
[[nodiscard]] Result<void> check_address(const Target& target, const net::ip::address& address,
                                         const AllowedTargets& allowed);

}  // namespace sillage::server
