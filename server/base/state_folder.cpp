#include "server/base/state_folder.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace cadenza::server {
namespace {

namespace fs = std::filesystem;

class Descriptor {
public:
    explicit Descriptor(int fd) noexcept : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const noexcept { return fd_; }
    // 0, or what went wrong.
    int close() noexcept { return ::close(std::exchange(fd_, -1)) == 0 ? 0 : errno; }

private:
    int fd_;
};

Error failure(const fs::path& path, int problem) {
    return {Errc::storage_failed, path.string() + ": " + std::generic_category().message(problem)};
}

// Whether files can be made in it; ENOENT: it is not there.
int writable(const fs::path& folder) {
    struct stat what{};
    if (::stat(folder.c_str(), &what) != 0) return errno;
    if (!S_ISDIR(what.st_mode)) return ENOTDIR;
    return ::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) == 0 ? 0 : errno;
}

// 0, or what went wrong.
int write_all(int fd, std::string_view content) {
    while (!content.empty()) {
        const auto written = ::write(fd, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return errno;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
}

// Into the file of the template `path`, which becomes its name.
int write_new_file(std::string& path, std::string_view content) {
    Descriptor file(::mkostemp(path.data(), O_CLOEXEC));  // 0600
    if (file.get() < 0) return errno;
    const int problem = write_all(file.get(), content);
    const int unclosed = file.close();
    return problem != 0 ? problem : unclosed;
}

}  // namespace

Status make_state_folder(const std::string& folder) {
    fs::path made;
    for (const auto& part : fs::path(folder)) {
        made /= part;
        ::mkdir(made.c_str(), S_IRWXU);  // most are there; the last one is looked at
    }
    if (const int problem = writable(folder); problem != 0) return failure(folder, problem);
    return {};
}

Status check_state_folder(const std::string& folder) {
    fs::path nearest = folder;
    int problem = writable(nearest);
    while (problem == ENOENT && nearest.has_relative_path()) {
        nearest = nearest.parent_path();
        problem = writable(nearest);
    }
    if (problem != 0) return failure(nearest, problem);
    return {};
}

Result<std::string> read_state(const std::string& folder, const std::string& name, std::size_t most_bytes) {
    const auto path = fs::path(folder) / name;
    // No link is followed, and a pipe nobody writes to is not waited for.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (file.get() < 0 && errno == ENOENT) return Error{Errc::not_found, path.string()};
    if (file.get() < 0) return failure(path, errno);
    struct stat what{};
    if (::fstat(file.get(), &what) != 0) return failure(path, errno);
    if (!S_ISREG(what.st_mode)) return Error{Errc::storage_failed, path.string() + ": not a file"};
    std::string out(most_bytes + 1, '\0');
    const auto got = ::read(file.get(), out.data(), out.size());
    if (got < 0) return failure(path, errno);
    out.resize(static_cast<std::size_t>(got));
    if (out.size() > most_bytes) return Error{Errc::storage_failed, path.string() + ": too long"};
    return out;
}

Status write_state(const std::string& folder, const std::string& name, std::string_view content) {
    const auto path = fs::path(folder) / name;
    auto temporary = path.string() + ".XXXXXX";
    int problem = write_new_file(temporary, content);
    if (problem == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) problem = errno;
    if (problem == 0) return {};
    ::unlink(temporary.c_str());
    return failure(path, problem);
}

}  // namespace cadenza::server
