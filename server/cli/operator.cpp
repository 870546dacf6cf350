#include "server/cli/operator.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>

#include "engine/base/json.hpp"
#include "engine/store/sqlite/folder.hpp"
#include "server/app/app.hpp"
#include "server/app/config.hpp"
#include "server/app/exit_status.hpp"
#include "server/http/local_address.hpp"
#include "server/http/operator_door.hpp"
#include "server/http/text.hpp"

namespace sillage::server {

namespace {

/// A server that starts or stops has the folder, but no socket, for as long as that takes.
constexpr int attempts_max = 100;
constexpr int attempt_pause_ms = 100;
/// An import of a whole registry takes seconds.
constexpr timeval patience{.tv_sec = 600, .tv_usec = 0};
/// Far above any answer; lists come in pages.
constexpr std::size_t answer_bytes_max = 64UL * 1024UL * 1024UL;

Error gone() {
    return Error{.code = ErrorCode::unavailable,
                 .message = "The server went away before it had answered."};
}

/// A connection to the server that has the folder.
class Client {
  public:
    /// Nothing: nobody listens there.
    static std::optional<Client> connect(const std::string& folder) {
        const auto address = LocalAddress::in(folder, operator_socket_name);
        if (!address) {
            return std::nullopt;
        }
        Client client(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_un name{};
        name.sun_family = AF_UNIX;
        address.value().path().copy(name.sun_path, sizeof name.sun_path - 1);
        ::setsockopt(client.socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        const void* generic = &name;
        if (::connect(client.socket_, static_cast<const sockaddr*>(generic), sizeof name) != 0) {
            return std::nullopt;
        }
        return client;
    }
    ~Client() {
        if (socket_ >= 0) {
            ::close(socket_);
        }
    }
    Client(Client&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
    Client& operator=(Client&&) = delete;

    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) {
                return false;
            }
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    std::string read_to_end() {
        std::string text;
        std::array<char, 65536> space{};
        while (text.size() < answer_bytes_max) {
            const auto count = ::recv(socket_, space.data(), space.size(), 0);
            if (count <= 0) {
                break;
            }
            text.append(space.data(), static_cast<std::size_t>(count));
        }
        return text;
    }

  private:
    explicit Client(int socket) : socket_(socket) {}

    int socket_;
};

std::string text_of(const OperatorRequest& request) {
    std::string text = std::string(name_of(request.method)) + " " + request.target +
                       " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " +
                       std::to_string(request.body.size()) + "\r\n";
    for (const Field& field : request.headers) {
        text += field.name + ": " + field.value + "\r\n";
    }
    return text + "\r\n" + request.body;
}

/// Reads what our own server writes: a head, and a body as long as the connection lasts.
Result<Response> response_in(std::string_view text) {
    constexpr std::string_view version = "HTTP/1.1 ";
    const std::size_t head_end = text.find("\r\n\r\n");
    int status = 0;
    if (head_end == std::string_view::npos || !text.starts_with(version)) {
        return gone();
    }
    std::from_chars(text.data() + version.size(), text.data() + head_end, status);
    Response response{.status = Status{status}, .body = std::string(text.substr(head_end + 4))};
    std::string_view head = text.substr(0, head_end);
    for (std::size_t end = head.find("\r\n"); end != std::string_view::npos;
         end = head.find("\r\n")) {
        head.remove_prefix(end + 2);
        const std::string_view line = head.substr(0, head.find("\r\n"));
        const std::size_t colon = line.find(':');
        if (colon != std::string_view::npos) {
            response.headers.add(std::string(line.substr(0, colon)),
                                 std::string(trim(line.substr(colon + 1))));
        }
    }
    const auto length = response.headers.find("Content-Length");
    return length && *length != std::to_string(response.body.size()) ? Result<Response>(gone())
                                                                     : response;
}

Result<Response> answered_here(const std::string& folder, const OperatorRequest& asked) {
    Request request{.method = asked.method, .body = asked.body};
    SILLAGE_TRY(read_target(asked.target, request));
    for (const Field& field : asked.headers) {
        request.headers.add(field.name, field.value);
    }
    request.operator_name = user_name(::geteuid());
    Config config;
    config.data = folder;
    if (const char* base_url = std::getenv("SILLAGE_BASE_URL"); base_url != nullptr) {
        config.base_url = base_url;
    }
    return App::answer(std::move(config), log_to_standard_error, std::move(request));
}

}  // namespace

Result<Response> operate(const std::string& folder, const OperatorRequest& request) {
    std::error_code error;
    if (!std::filesystem::exists(database_in(folder), error)) {
        return Error{.code = ErrorCode::not_found,
                     .message = "There is no data folder at " + folder +
                                "; sillage serve --data makes one."};
    }
    for (int attempt = 1;; ++attempt) {
        if (auto client = Client::connect(folder)) {
            if (!client->send(text_of(request))) {
                return gone();
            }
            return response_in(client->read_to_end());
        }
        auto response = answered_here(folder, request);
        if (response || response.error().code != ErrorCode::folder_locked ||
            attempt == attempts_max) {
            return response;
        }
        ::poll(nullptr, 0, attempt_pause_ms);
    }
}

Result<boost::json::value> operate_json(const std::string& folder, const OperatorRequest& request) {
    SILLAGE_TRY(const Response response, operate(folder, request));
    if (response.body.empty() && response.status < Status::bad_request) {
        return boost::json::value(nullptr);
    }
    SILLAGE_TRY(auto body, parse_json(response.body));
    if (response.status < Status::bad_request) {
        return body;
    }
    const auto member = [&](std::string_view name) {
        const auto* value = body.is_object() ? body.get_object().if_contains(name) : nullptr;
        return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                      : std::string();
    };
    return Error{
        .code = ErrorCode::conflict, .message = member("detail"), .where = member("pointer")};
}

std::string default_folder() {
    const char* given = std::getenv("SILLAGE_DATA");
    return given != nullptr && *given != '\0' ? std::string(given) : Config{}.data;
}

int complain_of(std::string_view command, const Error& error) {
    std::cerr << "sillage " << command << ": " << (error.where.empty() ? "" : error.where + ": ")
              << error.message << "\n";
    return exit_status_of(error);
}

}  // namespace sillage::server
