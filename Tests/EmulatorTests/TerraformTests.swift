import Foundation
import Testing

/// Terraform's AWS provider, where both are installed; nothing is downloaded.
@Suite("Terraform")
struct TerraformTests {
    @Test(
        "applies a cluster and an HSM, has nothing to change, and destroys",
        .enabled(if: Terraform.installed != nil && Clients.areThere, Terraform.missing)
    )
    func story() async throws {
        let terraform = try #require(Terraform.installed)
        // The provider looks every 30 seconds, so every step is done when it looks.
        let emulator = try await Emulator("--speed", "600")
        let told = try await Clients.run(
            "terraform_story.py",
            emulator.url,
            terraform.program,
            terraform.plugins
        )
        #expect(told == "applied, nothing to change, destroyed")
    }
}

/// An installed Terraform with the AWS provider in a local mirror.
struct Terraform {
    let program: String
    let plugins: String

    /// Why the test is skipped.
    static let missing: Comment = """
        needs terraform, and its AWS provider in a local mirror such as ~/.terraform.d/plugins \
        or $STRONGROOM_TERRAFORM_PLUGINS
        """

    /// What is installed; `nil` if the program or the provider is not.
    static let installed: Terraform? = {
        let environment = ProcessInfo.processInfo.environment
        let path = (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/terraform" }
        guard let program = path.first(where: FileManager.default.isExecutableFile) else {
            return nil
        }
        let mirrors = [
            environment["STRONGROOM_TERRAFORM_PLUGINS"], environment["TF_PLUGIN_CACHE_DIR"],
            "\(environment["HOME"] ?? "/root")/.terraform.d/plugins",
            "/usr/local/share/terraform/plugins", "/usr/share/terraform/plugins",
        ]
        let plugins = mirrors.compactMap(\.self).first { mirror in
            let provider = "\(mirror)/registry.terraform.io/hashicorp/aws"
            return FileManager.default.fileExists(atPath: provider)
        }
        return plugins.map { Terraform(program: program, plugins: $0) }
    }()
}
