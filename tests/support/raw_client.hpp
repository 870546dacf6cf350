#pragma once

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>

namespace sillage::test {

/// A client that sends exactly the bytes it is given, also such as no library would send.
class RawClient {
  public:
    /// Connects to `127.0.0.1:PORT`.
    explicit RawClient(const std::string& address) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in peer{};
        peer.sin_family = AF_INET;
        const std::size_t colon = address.rfind(':');
        peer.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1))));
        REQUIRE(::inet_pton(AF_INET, address.substr(0, colon).c_str(), &peer.sin_addr) == 1);
        // Nothing here takes longer unless it is stuck.
        const timeval patience{.tv_sec = 10, .tv_usec = 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        const void* generic = &peer;
        REQUIRE(::connect(socket_, static_cast<const sockaddr*>(generic), sizeof peer) == 0);
    }
    ~RawClient() { ::close(socket_); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    void send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) {
                return;  // refused half way: what was answered is what counts
            }
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    /// Says that nothing more will come.
    void finish() { ::shutdown(socket_, SHUT_WR); }

    /// What came until these bytes did, with them.
    std::string read_until(std::string_view bytes) {
        while (inbox_.find(bytes) == std::string::npos && read_some()) {
        }
        return std::move(inbox_);
    }
    /// Everything until the server closes. Fails when it does not.
    std::string read_to_end() {
        while (read_some()) {
        }
        CHECK(is_closed_);
        return std::move(inbox_);
    }
    /// One answer with its body, as Content-Length says; `has_body` false for one to HEAD.
    std::string read_answer(bool has_body = true) {
        std::size_t head_end = inbox_.find("\r\n\r\n");
        while (head_end == std::string::npos && read_some()) {
            head_end = inbox_.find("\r\n\r\n");
        }
        REQUIRE(head_end != std::string::npos);
        std::size_t size = head_end + 4;
        const std::size_t length_at = inbox_.find("\r\nContent-Length: ");
        if (has_body && length_at < head_end) {
            size += std::stoul(inbox_.substr(length_at + 18));
        }
        while (inbox_.size() < size && read_some()) {
        }
        REQUIRE(inbox_.size() >= size);
        std::string answer = inbox_.substr(0, size);
        inbox_.erase(0, size);
        return answer;
    }

  private:
    bool read_some() {
        std::array<char, 16384> space{};
        const auto count = ::recv(socket_, space.data(), space.size(), 0);
        is_closed_ = count == 0 || (count < 0 && errno == ECONNRESET);
        inbox_.append(space.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
        return count > 0;
    }

    int socket_;
    bool is_closed_ = false;
    std::string inbox_;
};

}  // namespace sillage::test
