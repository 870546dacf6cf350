#include "server/outward/target.hpp"

#include <doctest/doctest.h>

#include "tests/support/ok.hpp"

using namespace sillage;
using namespace sillage::server;
using test::error_of;
using test::ok;

namespace {

/// Ways to write an address of this machine, or of one beside it, or to hide where a URL leads.
constexpr std::array forbidden_urls{"https://127.0.0.1/",
                                    "https://127.1/",
                                    "https://127.0.1/",
                                    "https://2130706433/",
                                    "https://0x7f000001/",
                                    "https://0x7f.0.0.1/",
                                    "https://0177.0.0.1/",
                                    "https://017700000001/",
                                    "https://127.0.0.01/",
                                    "https://127.000.000.001/",
                                    "https://0/",
                                    "https://0.0.0.0/",
                                    "https://10.0.0.1/",
                                    "https://10.255.255.255/",
                                    "https://172.16.0.1/",
                                    "https://172.31.255.255/",
                                    "https://192.168.1.1/",
                                    "https://169.254.169.254/latest",
                                    "https://169.254.0.1/",
                                    "https://100.64.0.1/",
                                    "https://100.127.255.255/",
                                    "https://192.0.0.1/",
                                    "https://192.0.2.1/",
                                    "https://198.51.100.7/",
                                    "https://203.0.113.9/",
                                    "https://198.18.0.1/",
                                    "https://198.19.255.255/",
                                    "https://192.88.99.1/",
                                    "https://224.0.0.1/",
                                    "https://239.255.255.255/",
                                    "https://240.0.0.1/",
                                    "https://255.255.255.255/",
                                    "https://[::1]/",
                                    "https://[::]/",
                                    "https://[0:0:0:0:0:0:0:1]/",
                                    "https://[::ffff:127.0.0.1]/",
                                    "https://[::ffff:7f00:1]/",
                                    "https://[::FFFF:7F00:1]/",
                                    "https://[::127.0.0.1]/",
                                    "https://[64:ff9b::7f00:1]/",
                                    "https://[64:ff9b:1::1]/",
                                    "https://[2002:7f00:1::]/",
                                    "https://[2001::1]/",
                                    "https://[2001:db8::1]/",
                                    "https://[3fff::1]/",
                                    "https://[fc00::1]/",
                                    "https://[fd12:3456::1]/",
                                    "https://[fe80::1]/",
                                    "https://[fe80::1%25eth0]/",
                                    "https://[fec0::1]/",
                                    "https://[ff02::1]/",
                                    "https://[100::1]/",
                                    "https://example.org@127.0.0.1/",
                                    "https://127.0.0.1@example.org/",
                                    "https://example.org#@127.0.0.1/",
                                    "https://127.0.0.1\\@example.org/",
                                    "https://127\u30020\u30020\u30021/",
                                    "https://\u24db\u24de\u24d2al/",
                                    "https://ex%61mple.org/",
                                    "https://example.org./",
                                    "https://.example.org/",
                                    "https://example..org/",
                                    "https://-example.org/",
                                    "https://1.2.3.4.5/",
                                    "https://256.1.1.1/",
                                    "https://1.2.3/",
                                    "https://example.0x7f/",
                                    "HTTPS://LOCALHOST:80/",
                                    "http://example.org/",
                                    "https://example.org:8443/",
                                    "https://example.org:22/",
                                    "ftp://example.org/",
                                    "file:///etc/passwd",
                                    "gopher://127.0.0.1:25/",
                                    "//example.org/",
                                    "example.org",
                                    "https:example.org",
                                    "https://",
                                    "https:///path",
                                    "https://exa mple.org/",
                                    "https://example.org/a b",
                                    "https://example.org:0/",
                                    "https://example.org:65536/",
                                    "https://[::1/",
                                    "https://[1.2.3.4]/",
                                    "https://example.org/\r\nX: y"};

Result<void> checked(std::string_view url, const AllowedTargets& allowed = {}) {
    SILLAGE_TRY(const Target target, parse_target(url));
    return check_target(target, allowed);
}

net::ip::address address(const char* text) { return net::ip::make_address(text); }

}  // namespace

TEST_SUITE("outward/target") {
    TEST_CASE("TM12: no spelling of an address that is not on the Internet is let through") {
        CHECK(forbidden_urls.size() >= 60);
        for (const std::string_view url : forbidden_urls) {
            CAPTURE(url);
            CHECK_FALSE(checked(url));
        }
    }

    TEST_CASE("what is on the Internet is, with a path and in any case") {
        for (const auto* url :
             {"https://example.org", "https://example.org:443/hooks?a=b", "HTTPS://Example.ORG/",
              "https://xn--bcher-kva.example/", "https://93.184.216.34/",
              "https://[2a00:1450:4001::200e]/x", "https://a_b.example.org/"}) {
            CAPTURE(url);
            ok(checked(url));
        }
        const Target target = ok(parse_target("HTTPS://Example.ORG?a=b"));
        CHECK(target == Target{.host = "example.org", .port = 443, .resource = "/?a=b"});
        CHECK(ok(parse_target("https://[2A00::1]:8443/")).authority() == "[2a00::1]:8443");
    }

    TEST_CASE("TM12: a name is judged by every address that it leads to, each time") {
        const Target target = ok(parse_target("https://rebound.example.org/"));

        CHECK(check_address(target, address("93.184.216.34"), {}));
        for (const auto* found : {"127.0.0.1", "10.0.0.7", "169.254.169.254", "::1", "fd00::1",
                                  "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:a00:1::"}) {
            CAPTURE(found);
            CHECK(error_of(check_address(target, address(found), {})).code == ErrorCode::forbidden);
        }
    }

    TEST_CASE("the operator lets addresses, networks and names through, by port if said so") {
        const auto allowed =
            ok(AllowedTargets::read("127.0.0.1:8080, 10.1.0.0/16, hooks.intra, [::1]:9000"));

        CHECK(checked("http://127.0.0.1:8080/", allowed));
        CHECK_FALSE(checked("http://127.0.0.1:8081/", allowed));
        CHECK(checked("http://10.1.2.3:99/", allowed));
        CHECK_FALSE(checked("http://10.2.2.3/", allowed));
        CHECK(checked("http://hooks.intra:4444/", allowed));
        CHECK(checked("http://[::1]:9000/", allowed));
        const Target named = ok(parse_target("http://hooks.intra:4444/"));
        CHECK(check_address(named, address("192.168.0.1"), allowed));
        const Target other = ok(parse_target("http://other.intra/"));
        CHECK(check_address(other, address("10.1.9.9"), allowed));
        CHECK_FALSE(check_address(other, address("93.184.216.34"), allowed));
    }

    TEST_CASE("what is neither address nor network nor name cannot be allowed") {
        for (const auto* text : {"10.0.0.0/33", "10.0.0.0/x", "a b", "::1/129", "127.1", "x:y"}) {
            CAPTURE(text);
            CHECK(error_of(AllowedTargets::read(text)).code == ErrorCode::invalid_argument);
        }
        CHECK_FALSE(ok(AllowedTargets::read(" , ")).has_networks());
    }
}
