#pragma once

// Redis with one master: a server that stands alone, or whichever the sentinels name at the time.

#include "server/redis/link.hpp"

namespace cadenza::redis {

class MasterClient : public Client {
public:
    // `dial` finds the master and connects to it.
    MasterClient(const asio::any_io_executor& executor, Link::Dial dial, Timeouts timeouts, Jitter jitter,
                 Observer observer);
    ~MasterClient() override;
    MasterClient(const MasterClient&) = delete;
    MasterClient& operator=(const MasterClient&) = delete;

    asio::awaitable<Result<Reply>> run(Command command, server::Deadline deadline) override;

protected:
    const std::shared_ptr<Link>& link() const { return link_; }

private:
    std::shared_ptr<Link> link_;
    Timeouts timeouts_;
    Jitter jitter_;
};

// Connects to the one server of `options`, each time anew.
Link::Dial dial_server(const asio::any_io_executor& executor, const Options& options);

}  // namespace cadenza::redis
