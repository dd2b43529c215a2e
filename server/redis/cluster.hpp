#pragma once

// A cluster of Redis servers: each command goes to the node that has its key, wherever that is by now.

#include "server/redis/cluster_map.hpp"
#include "server/redis/link.hpp"
#include "server/redis/policy.hpp"

#include <map>
#include <memory>
#include <optional>

namespace cadenza::redis {

// Its nodes as far as we know them. Owned by a client, and by the commands under way.
class Cluster : public std::enable_shared_from_this<Cluster> {
public:
    Cluster(const asio::any_io_executor& executor, Options options, Jitter jitter, Observer observer);

    // Begins to read the map.
    void start();
    void stop();
    asio::awaitable<Result<Reply>> run(Command command, server::Deadline deadline);

private:
    // A command on its way.
    struct Errand {
        Command command;
        server::Deadline deadline;
        Patience patience;
        std::uint16_t slot{};
        std::optional<Address> next;  // where a node sent us; else the map decides
        bool asking{};                // it sent us by ASK
        bool again{};                 // it was sent before, and may have been carried out
        int redirections{};
    };

    asio::awaitable<Result<Address>> place_of(Errand& errand);
    asio::awaitable<Result<std::shared_ptr<Connection>>> connection_for(Errand& errand);
    // The reply, once it is the caller's; nullopt when the command is to be sent again.
    asio::awaitable<std::optional<Result<Reply>>> judge(Errand& errand, Reply reply, const Address& from);

    // Reads the map anew unless that was done or tried a moment ago; one reading serves everybody who asks
    // meanwhile.
    asio::awaitable<Status> refresh(server::Deadline deadline);
    void refresh_in_background();
    asio::awaitable<void> read_map();
    asio::awaitable<Result<ClusterMap>> read_map_from(Address node);
    std::vector<Address> nodes_to_ask() const;
    void adopt(Result<ClusterMap> map);
    std::shared_ptr<Link> link_to(const Address& node);
    Connection::Setup setup_for(const Address& node) const;

    asio::any_io_executor executor_;
    Options options_;
    Jitter jitter_;
    Observer observer_;
    std::optional<ClusterMap> map_;
    std::map<Address, std::shared_ptr<Link>> links_;
    bool stopped_{};
    bool reading_{};
    int failures_{};  // readings that failed, since the last that did not
    Error problem_;   // of the last of them
    server::Deadline next_reading_;
    Signal read_;
};

class ClusterClient : public Client {
public:
    ClusterClient(const asio::any_io_executor& executor, const Options& options, Jitter jitter,
                  Observer observer);
    ~ClusterClient() override;
    ClusterClient(const ClusterClient&) = delete;
    ClusterClient& operator=(const ClusterClient&) = delete;

    asio::awaitable<Result<Reply>> run(Command command, server::Deadline deadline) override;

private:
    std::shared_ptr<Cluster> cluster_;
};

}  // namespace cadenza::redis
