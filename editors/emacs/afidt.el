;;; afidt.el --- afidt-lsp in Emacs  -*- lexical-binding: t -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; (load "/path/to/editors/emacs/afidt.el") in the init file; then M-x eglot, or M-x lsp, in a Rust file.
;; With eglot one server works on a buffer: choose afidt-lsp by a prefix argument, or set `eglot-server-programs' yourself.
;; With lsp-mode it is an add-on and runs beside rust-analyzer.

;;; Code:

(defgroup afidt nil
  "Async functions in dyn traits of Rust."
  :group 'languages)

(defcustom afidt-command '("afidt-lsp" "lsp")
  "The server and its arguments."
  :type '(repeat string))

(defcustom afidt-settings nil
  "Settings as a property list, with the keys of afidt.toml.
For example (:rule-set \"dyn-box\" :rules (:undispatchable_method \"off\"))."
  :type '(plist))

(defvar eglot-server-programs)
(defvar eglot-workspace-configuration)
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs `((rust-mode rust-ts-mode) . ,(eval 'afidt-command)))
  (when afidt-settings
    (setq-default eglot-workspace-configuration (list :afidt afidt-settings))))

(declare-function lsp-register-client "lsp-mode")
(declare-function make-lsp-client "lsp-mode")
(declare-function lsp-stdio-connection "lsp-mode")
(declare-function lsp-activate-on "lsp-mode")
(declare-function lsp-register-custom-settings "lsp-mode")
(with-eval-after-load 'lsp-mode
  (lsp-register-custom-settings
   (mapcar (lambda (key)
             (list (concat "afidt." (substring (symbol-name key) 1))
                   (lambda () (plist-get afidt-settings key))))
           '(:rule-set :rules :fix :codeLens :inlayHints :cargoErrors)))
  (lsp-register-client
   (make-lsp-client
    :new-connection (lsp-stdio-connection (lambda () afidt-command))
    :activation-fn (lsp-activate-on "rust")
    :add-on? t
    :priority -1
    :server-id 'afidt)))

(provide 'afidt)
;;; afidt.el ends here
