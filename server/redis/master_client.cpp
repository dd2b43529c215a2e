#include "server/redis/master_client.hpp"

#include "server/redis/policy.hpp"

namespace cadenza::redis {
namespace {

asio::awaitable<Result<Reply>> run_on(std::shared_ptr<Link> link, Command command, server::Deadline deadline,
                                      Patience patience) {
    bool again = false;      // it was sent before, and may have been carried out
    bool elsewhere = false;  // a server had refused it as no master
    for (;;) {
        const auto connection = co_await link->connection(deadline);
        if (!connection) co_return connection.error();
        auto reply = co_await (*connection)->run(command.words, {.deadline = deadline});
        if (!reply) {
            if (!command.repeatable || again) co_return reply;
            again = true;
            continue;
        }
        const auto verdict = verdict_on(*reply);
        if (verdict == Verdict::answer) co_return reply;
        if (verdict == Verdict::wait && co_await patience.pause()) continue;
        if (verdict != Verdict::elsewhere || elsewhere) co_return state_error(*reply);
        elsewhere = true;
        (*connection)->close({Errc::storage_failed, "redis: the server is no master"});
    }
}

}  // namespace

MasterClient::MasterClient(const asio::any_io_executor& executor, Link::Dial dial, Timeouts timeouts,
                           Jitter jitter, Observer observer)
    : link_(std::make_shared<Link>(executor, std::move(dial), timeouts, jitter, std::move(observer))),
      timeouts_(timeouts),
      jitter_(std::move(jitter)) {
    link_->start();
}

MasterClient::~MasterClient() { link_->stop(); }

asio::awaitable<Result<Reply>> MasterClient::run(Command command, server::Deadline deadline) {
    return run_on(link_, std::move(command), deadline, Patience(timeouts_, deadline, jitter_));
}

Link::Dial dial_server(const asio::any_io_executor& executor, const Options& options) {
    return [executor, setup = Connection::Setup{.address = options.addresses.front(),
                                                .tls = options.tls,
                                                .credentials = options.credentials,
                                                .database = options.database,
                                                .name = options.client_name,
                                                .timeouts = options.timeouts}] {
        return Connection::open(executor, setup);
    };
}

}  // namespace cadenza::redis
