#pragma once

// One connection to one Redis server. Commands of any number of callers travel on it at once: each is written
// when it comes, and replies belong to them in that order.

#include "server/redis/client.hpp"
#include "server/redis/options.hpp"
#include "server/redis/resp.hpp"
#include "server/redis/signal.hpp"
#include "server/redis/stream.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cadenza::redis {

class Connection : public std::enable_shared_from_this<Connection> {
public:
    struct Setup {
        Address address;
        std::optional<TlsFiles> tls;
        Credentials credentials;
        int database{};
        std::string name;  // empty: unnamed
        Timeouts timeouts;
    };

    // Connects, signs in, chooses the database, names itself and sees that commands are taken, all within
    // timeouts.connect. Errors: timed_out, storage_failed; never with a secret in them.
    static asio::awaitable<Result<std::shared_ptr<Connection>>> open(asio::any_io_executor executor,
                                                                     Setup setup);

    // As open() makes it; use that.
    Connection(const asio::any_io_executor& executor, Setup setup);

    struct Sent {
        server::Deadline deadline;
        bool asking{};  // ASKING goes before it, with nothing in between
    };
    // Any reply is a success here. A reply that takes longer than timeouts.command closes the connection;
    // one that merely comes after the caller's deadline is taken off when it comes.
    // Errors: timed_out; storage_failed when the connection was lost before the reply.
    asio::awaitable<Result<Reply>> run(std::vector<std::string> words, Sent sent);

    bool is_open() const { return open_; }
    const Address& address() const { return setup_.address; }
    // Returns once the connection is closed, with the reason.
    asio::awaitable<Error> closed();
    // Everything waiting for a reply ends with storage_failed.
    void close(Error reason);

    // For messages of channels subscribed to.
    void on_message(std::function<void(const Reply&)> receive) { receive_ = std::move(receive); }

private:
    struct Waiter;

    asio::awaitable<Status> sign_in(server::Deadline deadline);
    asio::awaitable<Result<Reply>> exchange(std::vector<std::string> words, server::Deadline deadline,
                                            bool asking);
    std::shared_ptr<Waiter> enqueue(const std::string& bytes, server::Deadline deadline);
    asio::awaitable<void> read_replies();
    asio::awaitable<void> write_commands();
    asio::awaitable<void> ping_when_idle();
    Status deliver(Reply reply);

    asio::any_io_executor executor_;
    Setup setup_;
    Stream stream_;
    bool open_{};
    bool writing_{};
    Error reason_;
    std::string outgoing_;
    std::deque<std::shared_ptr<Waiter>> waiting_;
    server::Deadline last_used_;
    Signal closed_;
    std::function<void(const Reply&)> receive_;
};

}  // namespace cadenza::redis
