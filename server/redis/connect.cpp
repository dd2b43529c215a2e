#include "server/redis/connect.hpp"

#include "server/redis/cluster.hpp"
#include "server/redis/master_client.hpp"
#include "server/redis/sentinel.hpp"

#include <random>

namespace cadenza::redis {

std::unique_ptr<Client> connect(const asio::any_io_executor& executor, const Options& options,
                                Observer observer, Jitter jitter) {
    switch (options.kind) {
        case Options::Kind::sentinel:
            return std::make_unique<SentinelClient>(executor, options, jitter, std::move(observer));
        case Options::Kind::cluster:
            return std::make_unique<ClusterClient>(executor, options, std::move(jitter), std::move(observer));
        case Options::Kind::standalone: break;
    }
    return std::make_unique<MasterClient>(executor, dial_server(executor, options), options.timeouts,
                                          std::move(jitter), std::move(observer));
}

std::unique_ptr<Client> connect(const asio::any_io_executor& executor, const Options& options,
                                Observer observer) {
    // Spreads clients over time; nobody gains by guessing it.
    auto jitter = [engine = std::minstd_rand(std::random_device{}())]() mutable {
        return std::uniform_real_distribution<>(0, 1)(engine);
    };
    return connect(executor, options, std::move(observer), std::move(jitter));
}

}  // namespace cadenza::redis
