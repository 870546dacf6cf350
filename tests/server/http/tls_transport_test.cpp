#include <doctest/doctest.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "tests/support/echo_server.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sillage::server {

namespace {

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

/// Writes a key and a certificate signed by itself.
TlsFiles make_certificate(const std::filesystem::path& folder) {
    const TlsFiles files{.certificate = folder / "cert.pem", .key = folder / "key.pem"};
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"),
                                                                  EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key.get());
    REQUIRE(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0);
    const std::unique_ptr<std::FILE, CloseFile> key_file(std::fopen(files.key.c_str(), "w"));
    PEM_write_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(files.certificate.c_str(), "w"));
    PEM_write_X509(file.get(), certificate.get());
    return files;
}

std::string answer_over_tls(const std::string& address, net::ssl::context& context) {
    net::io_context io;
    net::ssl::stream<net::ip::tcp::socket> stream(io, context);
    const auto port = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
    stream.lowest_layer().connect({net::ip::make_address("127.0.0.1"), port});
    stream.handshake(net::ssl::stream_base::client);
    net::write(stream, net::buffer(std::string("GET /echo HTTP/1.1\r\nHost: a\r\nConnection: "
                                               "close\r\n\r\n")));
    std::string answer;
    boost::system::error_code end;
    net::read(stream, net::dynamic_buffer(answer), end);
    return answer;
}

}  // namespace

TEST_SUITE("http/tls_transport") {
    TEST_CASE("requests are served over TLS and the browser is told to stay there") {
        const test::TemporaryFolder folder;
        test::EchoServer server({}, ListenOptions{.tls = make_certificate(folder.path())});
        net::ssl::context context(net::ssl::context::tls_client);

        const std::string answer = answer_over_tls(server.address(), context);

        CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
        CHECK(answer.find("Strict-Transport-Security: max-age=") != std::string::npos);
    }

    TEST_CASE("TLS 1.1 is refused") {
        const test::TemporaryFolder folder;
        test::EchoServer server({}, ListenOptions{.tls = make_certificate(folder.path())});
        net::ssl::context context(net::ssl::context::tls_client);
        SSL_CTX_set_security_level(context.native_handle(), 0);
        SSL_CTX_set_max_proto_version(context.native_handle(), TLS1_1_VERSION);

        CHECK_THROWS(answer_over_tls(server.address(), context));
        CHECK(server.seen() == 0);
    }

    TEST_CASE("a client that never shakes hands is cut off") {
        const test::TemporaryFolder folder;
        test::EchoServer server(Limits{.request = std::chrono::milliseconds(50)},
                                ListenOptions{.tls = make_certificate(folder.path())});
        test::RawClient client(server.address());

        CHECK(client.read_to_end().empty());
    }

    TEST_CASE("files that do not belong together are named") {
        const test::TemporaryFolder folder;
        TlsFiles files = make_certificate(folder.path());
        files.key = folder.path() / "none.pem";

        CHECK(test::error_of(load_tls(files)).where == files.key);
    }
}

}  // namespace sillage::server
