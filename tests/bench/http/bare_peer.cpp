// The bound: what Beast and SQLite allow when nothing else is done. A POST appends one row of the
// bytes that an entry of the log has, in group commits, synced before the answer; a GET is answered
// with the bytes of a file. One thread for the sockets, one for the disk, as in the server.
// Usage: bare_peer append DATABASE ENTRY_BYTES | bare_peer answer FILE   prints its port
//        bare_peer entry_bytes DATABASE   what a row of the table `entry` there has, on average
#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace sillage::test {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using tcp = asio::ip::tcp;

/// Of the WAL, when the writer brings it into the database. Chosen: 16 MiB, which costs well under
/// the p99 that is asked for.
constexpr int wal_pages_max = 4096;

std::string response_text(std::string_view body) {
    std::ostringstream text;
    text << "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " << body.size()
         << "\r\n\r\n"
         << body;
    return text.str();
}

/// Who waits for a row to be on the disk.
struct Waiting {
    std::string instance;
    std::string event;
    /// The instance's, once it is there.
    std::uint64_t sequence = 0;
    std::function<void(std::uint64_t sequence)> answer;
};

/// Writes all rows that wait in one transaction, and has them answered on the sockets' thread.
class Writer {
  public:
    Writer(const std::string& database, std::size_t entry_bytes, asio::io_context& io)
        : database_(database, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE),
          insert_(prepared()),
          entry_bytes_(entry_bytes),
          io_(io),
          thread_([this] { work(); }) {}
    ~Writer() {
        {
            const std::lock_guard lock(mutex_);
            stops_ = true;
        }
        wake_.notify_one();
        thread_.join();
    }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    void append(Waiting waiting) {
        {
            const std::lock_guard lock(mutex_);
            queue_.push_back(std::move(waiting));
        }
        wake_.notify_one();
    }

  private:
    SQLite::Statement prepared() {
        database_.exec("PRAGMA journal_mode = WAL");
        database_.exec("PRAGMA synchronous = FULL");
        database_.exec("PRAGMA wal_autocheckpoint = 0");
        database_.exec("CREATE TABLE entry (position INTEGER PRIMARY KEY, body BLOB NOT NULL)");
        sqlite3_wal_hook(
            database_.getHandle(),
            [](void* pages, sqlite3*, const char*, int count) {
                *static_cast<int*>(pages) = count;
                return SQLITE_OK;
            },
            &wal_pages_);
        return {database_, "INSERT INTO entry (body) VALUES (?)"};
    }

    void work() {
        std::vector<Waiting> batch;
        while (take(batch)) {
            commit(batch);
            asio::post(io_, [answered = std::move(batch)] {
                for (const Waiting& waiting : answered) {
                    waiting.answer(waiting.sequence);
                }
            });
            batch.clear();
            if (wal_pages_ > wal_pages_max) {
                database_.exec("PRAGMA wal_checkpoint(RESTART)");
                wal_pages_ = 0;
            }
        }
    }

    /// Everything that waits; false: it is over.
    bool take(std::vector<Waiting>& batch) {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return stops_ || !queue_.empty(); });
        batch.swap(queue_);
        return !stops_;
    }

    void commit(std::vector<Waiting>& batch) {
        SQLite::Transaction transaction(database_);
        for (Waiting& waiting : batch) {
            waiting.sequence = ++sequences_.try_emplace(waiting.instance, 1).first->second;
            waiting.event.resize(entry_bytes_, ' ');
            insert_.bindNoCopy(1, waiting.event.data(), static_cast<int>(waiting.event.size()));
            insert_.exec();
            insert_.reset();
        }
        transaction.commit();
    }

    SQLite::Database database_;
    int wal_pages_ = 0;
    SQLite::Statement insert_;
    std::size_t entry_bytes_;
    asio::io_context& io_;
    /// Of each instance's last row; 1 before the first, as an instance that has started.
    std::unordered_map<std::string, std::uint64_t> sequences_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<Waiting> queue_;
    bool stops_ = false;
    std::thread thread_;
};

/// What a request is answered from: rows that are appended, or bytes that are ready.
struct Source {
    Writer* writer = nullptr;
    std::string answer = {};
};

class Session : public std::enable_shared_from_this<Session> {
  public:
    Session(tcp::socket socket, const Source& source)
        : socket_(std::move(socket)), source_(source) {}

    void read() {
        request_ = {};
        http::async_read(socket_, buffer_, request_,
                         [self = shared_from_this()](error_code error, std::size_t) {
                             if (!error) {
                                 self->serve();
                             }
                         });
    }

  private:
    void serve() {
        if (source_.writer == nullptr) {
            write(source_.answer);
            return;
        }
        source_.writer->append({.instance = std::string(request_.target()),
                                .event = std::move(request_.body()),
                                .answer = [self = shared_from_this()](std::uint64_t sequence) {
                                    const std::string number = std::to_string(sequence);
                                    self->text_ = response_text("{\"sequence\":" + number + "}");
                                    self->write(self->text_);
                                }});
    }

    void write(const std::string& text) {
        asio::async_write(socket_, asio::buffer(text),
                          [self = shared_from_this()](error_code error, std::size_t) {
                              if (!error) {
                                  self->read();
                              }
                          });
    }

    tcp::socket socket_;
    const Source& source_;
    beast::flat_buffer buffer_;
    http::request<http::string_body> request_;
    std::string text_;
};

void accept(tcp::acceptor& acceptor, const Source& source) {
    acceptor.async_accept([&](error_code error, tcp::socket socket) {
        if (!error) {
            socket.set_option(tcp::no_delay(true));
            std::make_shared<Session>(std::move(socket), source)->read();
            accept(acceptor, source);
        }
    });
}

void serve(asio::io_context& io, const Source& source) {
    tcp::acceptor acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    accept(acceptor, source);
    std::cout << acceptor.local_endpoint().port() << std::endl;
    asio::signal_set signals(io, SIGTERM, SIGINT);
    signals.async_wait([&](error_code, int) { io.stop(); });
    io.run();
}

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    file.exceptions(std::ios::badbit | std::ios::failbit);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// Sums the lengths of all columns, whichever they are.
void print_entry_bytes(const std::string& path) {
    SQLite::Database database(path, SQLite::OPEN_READONLY);
    SQLite::Statement rows(database, "SELECT * FROM entry ORDER BY position DESC LIMIT 10000");
    std::size_t row_count = 0;
    std::size_t byte_count = 0;
    while (rows.executeStep()) {
        ++row_count;
        for (int index = 0; index < rows.getColumnCount(); ++index) {
            byte_count += static_cast<std::size_t>(rows.getColumn(index).getBytes());
        }
    }
    std::cout << (row_count == 0 ? 0 : byte_count / row_count) << std::endl;
}

int run(const std::vector<std::string>& words) {
    asio::io_context io(1);
    if (words.size() == 3 && words[0] == "append") {
        Writer writer(words[1], std::stoul(words[2]), io);
        serve(io, {.writer = &writer});
    } else if (words.size() == 2 && words[0] == "answer") {
        serve(io, {.answer = response_text(read_file(words[1]))});
    } else if (words.size() == 2 && words[0] == "entry_bytes") {
        print_entry_bytes(words[1]);
    } else {
        std::cerr << "bare_peer append DATABASE ENTRY_BYTES | answer FILE | entry_bytes DATABASE\n";
        return 2;
    }
    return 0;
}

}  // namespace
}  // namespace sillage::test

int main(int argument_count, char** argument_values) {
    try {
        return sillage::test::run({argument_values + 1, argument_values + argument_count});
    } catch (const std::exception& exception) {
        std::cerr << "bare_peer: " << exception.what() << '\n';
        return 1;
    }
}
