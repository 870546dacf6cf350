#include "server/http/operator_door.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <fstream>

#include "server/http/local_address.hpp"
#include "tests/support/echo_server.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sillage::server {

namespace {

namespace fs = std::filesystem;

/// Any user but root and whom the folder belongs to.
constexpr uid_t nobody = 65534;

/// What a client of that user reads after a request; empty: it was not let in.
std::string answer_to(const fs::path& socket_file, uid_t user) {
    std::array<int, 2> pipe{};
    REQUIRE(::pipe(pipe.data()) == 0);
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    socket_file.string().copy(name.sun_path, sizeof name.sun_path - 1);
    constexpr std::string_view text = "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    const pid_t child = ::fork();
    if (child == 0) {
        // The server's threads are not here, but whatever they had locked is: only system calls
        // from here on, and setuid(2) itself, for glibc's waits for those threads.
        ::alarm(10);
        const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
        const void* generic = &name;
        std::array<char, 64> space{};
        if ((user == ::geteuid() || ::syscall(SYS_setuid, user) == 0) &&
            ::connect(socket, static_cast<const sockaddr*>(generic), sizeof name) == 0 &&
            ::send(socket, text.data(), text.size(), MSG_NOSIGNAL) > 0) {
            const auto count = ::recv(socket, space.data(), space.size(), 0);
            [[maybe_unused]] const auto told =
                ::write(pipe[1], space.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
        }
        ::_exit(0);
    }
    ::close(pipe[1]);
    std::array<char, 64> space{};
    const auto count = ::read(pipe[0], space.data(), space.size());
    ::close(pipe[0]);
    ::waitpid(child, nullptr, 0);
    return {space.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
}

mode_t mode_of(const fs::path& path) {
    struct stat found {};
    REQUIRE(::stat(path.c_str(), &found) == 0);
    return found.st_mode & 0777U;
}

}  // namespace

TEST_SUITE("http/operator_door") {
    TEST_CASE("the socket is for its owner alone and gone when the server is") {
        const test::TemporaryFolder folder;
        const fs::path file = folder.path() / operator_socket_name;
        {
            test::EchoServer server({}, ListenOptions{.operator_folder = folder.path()});
            CHECK(mode_of(file) == 0600);
            CHECK(answer_to(file, ::geteuid()).starts_with("HTTP/1.1 200 "));
            CHECK(server.listener().stop(std::chrono::seconds(5)));
            CHECK_FALSE(fs::exists(file));
        }
    }

    TEST_CASE("what a process that was killed has left there is replaced") {
        const test::TemporaryFolder folder;
        const fs::path file = folder.path() / operator_socket_name;
        net::io_context context;
        {
            auto left = test::ok(OperatorDoor::open(context, folder.path()));
            fs::rename(file, folder.path() / "left");
        }
        fs::rename(folder.path() / "left", file);

        test::EchoServer server({}, ListenOptions{.operator_folder = folder.path()});

        CHECK(answer_to(file, ::geteuid()).starts_with("HTTP/1.1 200 "));
    }

    TEST_CASE("what is no socket is left alone, and the server still serves") {
        const test::TemporaryFolder folder;
        std::ofstream(folder.path() / operator_socket_name) << "mine";

        test::EchoServer server({}, ListenOptions{.operator_folder = folder.path()});

        CHECK(server.events() == std::vector<std::string>{"operator_socket_failed"});
        CHECK(fs::is_regular_file(folder.path() / operator_socket_name));
    }

    TEST_CASE("TM47: another user is not let in, even where the file's mode lets it") {
        if (::geteuid() != 0) {
            MESSAGE("skipped: only root can be another user");
            return;
        }
        const test::TemporaryFolder folder;
        const fs::path file = folder.path() / operator_socket_name;
        test::EchoServer server({}, ListenOptions{.operator_folder = folder.path()});
        CHECK(answer_to(file, nobody).empty());  // the folder is closed to it
        fs::permissions(folder.path(), fs::perms(0755));
        fs::permissions(file, fs::perms(0666));

        CHECK(answer_to(file, nobody).empty());
        CHECK(server.events() == std::vector<std::string>{"operator_refused"});
        CHECK(server.seen() == 0);
    }

    TEST_CASE("a user without a name goes by its number") {
        CHECK(user_name(0) == "root");
        CHECK(user_name(4'000'000) == "4000000");
    }
}

}  // namespace sillage::server
