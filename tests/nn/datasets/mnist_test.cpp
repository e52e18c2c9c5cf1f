#include "nn/datasets/mnist.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "nn/datasets/idx.h"
#include "nn/files/download.h"
#include "nn/files/npz.h"
#include "tests/folder.h"
#include "tests/message.h"

namespace nn::datasets {
namespace {

using autograd::Dtype;
using autograd::Error;
using autograd::Shape;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

// No test reaches for the network: the servers are folders.
class Mnist : public testing::Test {
 protected:
  Mnist() {
    setenv("CHAINER_DATASET_ROOT", (folder / "root").c_str(), 1);
    setenv("CHAINETTE_MNIST_URL", ("file://" + (folder / "server")).c_str(), 1);
    std::filesystem::create_directories(cache);
    std::filesystem::create_directories(folder / "server");
  }
  ~Mnist() override {
    unsetenv("CHAINER_DATASET_ROOT");
    unsetenv("CHAINETTE_MNIST_URL");
  }

  static void write_npz(const std::string& path, std::int64_t n, std::int64_t pixels = 784) {
    NpzWriter writer(path);
    writer.write("x", Array::full({n, pixels}, 51, Dtype::uint8));
    writer.write("y", Array::arange(n, Dtype::uint8));
    writer.close();
  }
  static void write_idx_files(const std::string& to) {
    for (const IdxNames& names : {kIdxTrain, kIdxTest}) {
      write_idx(to + "/" + names.images + ".gz", Array::full({2, 28, 28}, 102, Dtype::uint8));
      write_idx(to + "/" + names.labels + ".gz", Array::arange(2, Dtype::uint8));
    }
  }

  const Folder folder;
  const std::string cache = folder / "root/pfnet/chainer/mnist";
};

TEST_F(Mnist, HasLabelsOfTenClasses) {
  write_npz(cache + "/train.npz", 11);
  write_npz(cache + "/test.npz", 2);
  EXPECT_EQ(message_of<Error>([] { get_mnist(); }),
            "get_mnist: y in " + cache +
                "/train.npz must hold labels from 0 to 9, but label 10 is at 10");
  EXPECT_EQ(get_mnist({.withlabel = false}).train.size(), 11);
}

TEST_F(Mnist, ComesFromChainersCache) {
  write_npz(cache + "/train.npz", 3);
  write_npz(cache + "/test.npz", 2);
  const auto [train, test] = get_mnist({.ndim = 3});
  EXPECT_EQ(train.arrays()[0].shape(), (Shape{3, 1, 28, 28}));
  EXPECT_EQ(test.size(), 2);
  EXPECT_EQ(train[2][1].array().item(), 2);
  EXPECT_EQ(train[2][0].array().to_vector<float>()[0], 51 * (1.f / 255));
}

TEST_F(Mnist, ComesFromANamedFolderFirst) {
  write_npz(cache + "/train.npz", 3);
  write_npz(cache + "/test.npz", 2);
  write_idx_files(folder / "server");
  EXPECT_EQ(get_mnist({}, folder / "server").train.size(), 2);
}

TEST_F(Mnist, ComesFromIdxFilesInTheCache) {
  write_idx_files(cache);
  EXPECT_EQ(get_mnist().test[0][0].array().to_vector<float>()[0], 102 * (1.f / 255));
}

TEST_F(Mnist, RefusesACacheOfOtherThings) {
  write_npz(cache + "/train.npz", 3, 64);
  write_npz(cache + "/test.npz", 2);
  EXPECT_EQ(message_of<Error>([] { get_mnist(); }),
            "get_mnist: " + cache +
                "/train.npz must hold uint8 images of 784 pixels and their labels, but x is "
                "uint8(3, 64) and y is uint8(3)");
}

TEST_F(Mnist, SaysWhereToPutItIfItCannotBeHad) {
  const std::string sentence =
      "get_mnist: MNIST must be on this machine or downloadable, but it is not in " + cache +
      " and could not be downloaded; put train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, "
      "t10k-images-idx3-ubyte.gz "
      "and t10k-labels-idx1-ubyte.gz there, or name their folder with --data (download: ";
  const std::string url = "file://" + (folder / "server/train-images-idx3-ubyte.gz");
  const std::string absent = message_of<Error>([] { get_mnist(); });
  if (!can_download()) {
    EXPECT_EQ(absent, sentence + "Chainette must be built with CHAINETTE_DOWNLOAD to fetch " + url +
                          ", but it was built without)");
    return;
  }
  // What stands in the inner brackets is libcurl's.
  EXPECT_THAT(
      absent,
      AllOf(StartsWith(sentence + "a server must deliver the file, but none does: " + url + " ("),
            EndsWith("))")));

  write_idx_files(folder / "server");
  EXPECT_EQ(message_of<Error>([] { get_mnist(); }),
            sentence + "a server must deliver the file, but none does: " + url +
                " (the contents have the SHA-256 "
                "0f45875b7d4a0b2c8a643167b0fe096291b60c69fe56ab54a2fb1c1c2f1f1f87 instead of "
                "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db))");
  EXPECT_FALSE(std::filesystem::exists(cache + "/train.npz"));
}

TEST(Download, TriesOneServerAfterAnother) {
  if (!can_download()) return;
  Folder folder;
  const std::string good = "file://" + folder.write("good", "hello"),
                    bad = "file://" + folder.write("bad", "jello");
  const std::string sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
  EXPECT_EQ(download({{"file://" + (folder / "absent"), bad, good}, sha256}).size(), 5u);
  const Bytes packed = gzip(read_file(folder / "good"));
  const std::string path = folder.write(
      "good.gz", std::string(reinterpret_cast<const char*>(packed.data()), packed.size()));
  EXPECT_EQ(download({{"file://" + path}, sha256}), read_file(folder / "good"));
  EXPECT_THAT(
      message_of<Error>([&] {
        download({{"gopher://localhost/a"}, sha256});
      }),
      HasSubstr("download: a server must deliver the file, but none does: gopher://localhost/a ("));
}

// A server on this machine that answers one request and then sends zeros until it is hung up on.
class EndlessServer {
 public:
  EndlessServer() : listener_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* any = reinterpret_cast<sockaddr*>(&address);
    works_ = bind(listener_, any, length) == 0 && listen(listener_, 1) == 0 &&
             getsockname(listener_, any, &length) == 0;
    port_ = ntohs(address.sin_port);
    if (works_ && (child_ = fork()) == 0) serve();
  }
  ~EndlessServer() {
    close(listener_);
    if (child_ > 0) kill(child_, SIGKILL), waitpid(child_, nullptr, 0);
  }

  bool works() const { return works_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/file"; }

 private:
  [[noreturn]] void serve() const {
    std::signal(SIGPIPE, SIG_IGN);
    for (;;) {
      const int to = accept(listener_, nullptr, nullptr);
      std::array<char, 4096> block{};
      bool sent = read(to, block.data(), block.size()) > 0;
      const std::string_view head = "HTTP/1.0 200 OK\r\n\r\n";
      sent = sent && write(to, head.data(), head.size()) > 0;
      block.fill(0);
      while (sent) sent = write(to, block.data(), block.size()) > 0;
      close(to);
    }
  }

  int listener_, port_ = 0;
  bool works_ = false;
  pid_t child_ = 0;
};

TEST(Download, HangsUpOnAServerThatSendsWithoutEnd) {
  if (!can_download()) return;
  const EndlessServer server;
  if (!server.works()) GTEST_SKIP() << "no address to listen on";
  const std::string url = server.url();
  const auto refusal = [&](bool packed) {
    return message_of<Error>([&] { download({{url}, "0", packed, 100'000}); });
  };
  EXPECT_EQ(refusal(true), "download: a server must deliver the file, but none does: " + url +
                               " (it must send at most 100000 bytes, but it sends more)");
  EXPECT_EQ(refusal(false), "download: a server must deliver the file, but none does: " + url +
                                " (it must send at most 104196 bytes, but it sends more)");
}

TEST(Download, UnpacksNoMoreThanTheFileHas) {
  if (!can_download()) return;
  Folder folder;
  const Bytes bomb = gzip(Bytes(1u << 20));
  const std::string path =
      folder.write("bomb.gz", std::string(reinterpret_cast<const char*>(bomb.data()), bomb.size()));
  EXPECT_EQ(message_of<Error>([&] {
              download({{"file://" + path}, "0", false, 1000});
            }),
            "download: a server must deliver the file, but none does: file://" + path +
                " (gzip: what was sent must hold at most 1000 bytes, but it holds more)");
}

TEST(FolderLock, MakesTheFolderAndRefusesWhereItCannot) {
  Folder folder;
  { FolderLock lock(folder / "a/b"); }
  { FolderLock lock(folder / "a/b"); }
  EXPECT_TRUE(std::filesystem::is_directory(folder / "a/b"));
  const std::string file = folder.write("file", "");
  EXPECT_EQ(message_of<Error>([&] { FolderLock lock(file); }),
            "download: " + file + " must be writable, but: Not a directory");
}

TEST(DatasetRoot, IsChainers) {
  setenv("CHAINER_DATASET_ROOT", "/some/where", 1);
  EXPECT_EQ(dataset_root(), "/some/where");
  unsetenv("CHAINER_DATASET_ROOT");
  EXPECT_THAT(dataset_root(), EndsWith(".chainer/dataset"));
}

}  // namespace
}  // namespace nn::datasets
